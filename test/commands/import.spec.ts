import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { BuiltProgram } from '../support/process.js';

const LOCATION = '/nevisidm/api/core/v1/100/certificates/bulk/job-1';
const COUNTS = { total: 3, changed: 1, unchanged: 1, refused: 1, gone: 0 };
const JOB = { id: 'job-1', action: 'import', status: 'completed', ...COUNTS };
const ROWS = [
  { position: 2, userExtId: 'jane', result: 'changed' },
  { position: 3, userExtId: 'john', result: 'unchanged' },
  {
    position: 4,
    userExtId: 'kim',
    result: 'refused',
    errors: [
      { code: 'errors.invalidData', message: 'birthDate is no date\u001b.' },
      { code: 'x', message: 'More.' },
    ],
  },
];

let folder: string;
let server: Server;
let asked: { readonly url: string | undefined; readonly type: string | undefined; readonly body: string }[] = [];
let jobs: object[] = [];
let refusal: object | undefined;
let rows: readonly object[] = ROWS;

function lines(last: object): string {
  return [...rows, last].map((line) => `${JSON.stringify(line)}\n`).join('');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certkeep-import-'));
  for (const name of ['people.csv', 'people.NDJSON', 'people.txt'])
    writeFileSync(join(folder, name), 'userExtId\njane\n');
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ url: request.url, type: request.headers['content-type'], body });
      if (refusal !== undefined) response.writeHead(422).end(JSON.stringify(refusal));
      else if (request.method === 'POST' && request.url?.endsWith('dryRun=true') === true) response.end(lines(COUNTS));
      else if (request.method === 'POST') response.writeHead(202, { location: LOCATION }).end('{}');
      else if (request.headers.accept === 'application/x-ndjson') response.end(lines(JOB));
      else response.end(JSON.stringify(jobs.shift() ?? JOB));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

beforeEach(() => {
  [asked, jobs, refusal, rows] = [[], [], undefined, ROWS];
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function run(args: readonly string[]) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const named = args.map((arg) => (arg === 'URL' ? url : arg.replace('FOLDER', folder)));
  const program = BuiltProgram.start('commands/import.js', { CERTKEEP_TOKEN: 'a.b.c' }, named);
  return { code: await program.exit(), output: program.output };
}

const AT = ['--server', 'URL', '--client', '100'];

it('--help explains each option', async () => {
  const { code, output } = await run(['--help']);
  expect(code).toBe(0);
  for (const option of ['server', 'client', 'dry-run', 'format']) expect(output).toContain(`--${option}`);
});

it('17.4 waits for the job, prints what was refused, and ends with 1', async () => {
  jobs = [{ ...JOB, status: 'running', changed: 0, unchanged: 0, refused: 0 }];
  const { code, output } = await run(['FOLDER/people.csv', ...AT]);
  expect(code).toBe(1);
  expect(asked[0]).toEqual({ url: '/nevisidm/api/core/v1/100/import', type: 'text/csv', body: 'userExtId\njane\n' });
  expect(asked.slice(1).map(({ url }) => url)).toEqual([LOCATION, LOCATION, LOCATION]);
  expect(output).toContain(String.raw`Line 4 (kim): birthDate is no date\1B. More.`);
  expect(output).toContain('3 lines: 1 changed, 1 unchanged, 1 refused.');
});

it('17.4 a dry run says what would be changed', async () => {
  rows = [];
  const { code, output } = await run(['FOLDER/people.NDJSON', ...AT, '--dry-run']);
  expect([code, asked[0]?.url, asked[0]?.type]).toEqual([
    1,
    '/nevisidm/api/core/v1/100/import?dryRun=true',
    'application/x-ndjson',
  ]);
  expect(output).toContain('3 lines: 1 would be changed, 1 unchanged, 1 refused.');
});

it('17.4 says what the server said if it does not take the file', async () => {
  refusal = { errors: [{ code: 'errors.invalidData', message: 'There is no column surname.' }] };
  const { code, output } = await run(['FOLDER/people.txt', ...AT, '--format', 'csv']);
  expect(code).toBe(1);
  expect(output).toContain('did not import the file (status 422). There is no column surname.');
});

it.each<[readonly string[], string]>([
  [[], 'Name one file'],
  [['a.csv', 'b.csv', ...AT], 'Name one file'],
  [['FOLDER/people.csv'], '--server is required'],
  [['FOLDER/people.csv', '--server', 'URL'], '--client must be the extId of a client'],
  [['FOLDER/people.txt', ...AT], '--format must be csv or ndjson'],
  [['FOLDER/people.csv', ...AT, '--format', 'xlsx'], '--format must be csv or ndjson'],
  [['FOLDER/none.csv', ...AT], 'cannot be read: ENOENT'],
])('fail/%j', async (args, message) => {
  const { code, output } = await run(args);
  expect([code, output.includes(message)]).toEqual([2, true]);
});
