// Generates load with wrk where the machine has it, and with autocannon otherwise. autocannon is a JavaScript program that takes
// more of the processors that it shares with the servers, and so hides a part of the difference between them.
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import autocannon from 'autocannon';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'generator.lua');
/** Of one request; then it is an error. */
const TIMEOUT = '30s';

/**
 * Both generators have the same interface: `generate` sends the requests in turn over a number of connections for some
 * seconds, and returns the answered requests, requests a second, and p50 and p99 in milliseconds. Any other status than the
 * expected one is an error, as refusals would distort the figures.
 */
export async function findGenerator() {
  const version = await wrkVersion();
  const [name, send] = version === undefined ? ['autocannon', sendByAutocannon] : [version, sendByWrk];
  return {
    name,
    async generate(server, requests, { status, connections, seconds }) {
      const result = await send(server.url, requests, { connections, seconds });
      const unexpected = Object.keys(result.statuses).filter((each) => Number(each) !== status);
      if (unexpected.length > 0 || result.errors > 0 || result.answered === 0) {
        throw new Error(await failure(server, requests[0], result));
      }
      const { answered, p50, p99 } = result;
      return { answered, perSecond: Math.round(answered / result.seconds), p50: rounded(p50), p99: rounded(p99) };
    },
  };
}

async function wrkVersion() {
  // It exits with 1.
  const { stdout = '' } = await run('wrk', ['--version']).catch((error) => error);
  return /^wrk \S+/.exec(stdout)?.[0];
}

export async function sendByWrk(url, requests, { connections, seconds }) {
  const folder = await mkdtemp(join(tmpdir(), 'certkeep-bench-requests-'));
  try {
    const file = join(folder, 'requests');
    await writeRequests(file, new URL(url).host, requests);
    const options = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
    const { stdout } = await run('wrk', [...options, '--timeout', TIMEOUT, '--script', SCRIPT, url, '--', file]);
    const [, result] = /^RESULT (.*)$/m.exec(stdout) ?? [];
    if (result === undefined) throw new Error(`wrk printed no result: ${stdout}`);
    return JSON.parse(result);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeRequests(path, host, requests) {
  const file = await open(path, 'w');
  try {
    const parts = requests.map((request) => {
      const bytes = bytesOf(host, request);
      return [String(bytes.length).padStart(10, '0'), bytes];
    });
    await file.writeFile(Buffer.concat(parts.flat().map((part) => Buffer.from(part))));
  } finally {
    await file.close();
  }
}

function bytesOf(host, { method, path, headers, body = '' }) {
  const content = Buffer.from(body);
  const length = content.length > 0 ? [['content-length', content.length]] : [];
  const lines = [['host', host], ...Object.entries(headers), ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), content]);
}

async function sendByAutocannon(url, requests, { connections, seconds }) {
  let sent = 0;
  const setupRequest = (request) => {
    sent += 1;
    return Object.assign(request, requests[sent % requests.length]);
  };
  const result = await autocannon({ url, connections, duration: seconds, requests: [{ setupRequest }] });
  const statuses = Object.entries(result.statusCodeStats).map(([status, { count }]) => [status, count]);
  return {
    answered: statuses.reduce((sum, [, count]) => sum + count, 0),
    seconds: result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors,
    statuses: Object.fromEntries(statuses),
  };
}

async function failure(server, { path, ...request }, result) {
  const answer = await fetch(server.url + path, request);
  return [
    `${server.name}, ${request.method} ${path}: not every answer was the expected one: ${JSON.stringify(result)}`,
    `One more: ${answer.status} ${(await answer.text()).slice(0, 500)}`,
    `Its log ends with:\n${await server.endOfLog()}`,
  ].join('\n');
}

function rounded(milliseconds) {
  return Number(milliseconds.toFixed(2));
}
