import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, expect, test } from 'vitest';

import type { Settings } from '../src/config/settings.js';
import { settingNames } from './support/setting-names.js';
import { SettingsFolder } from './support/settings-folder.js';

const ROOT = join(import.meta.dirname, '..');
const OPERATIONS = 'docs/operations';

const read = async (path: string): Promise<string> => await readFile(join(ROOT, path), 'utf8');

const all = (text: string, expression: RegExp): readonly string[] =>
  [...text.matchAll(expression)].map(([, found]) => found ?? '');

/** The number after a name in a configuration file, in whatever unit it has there. */
function numberIn(text: string, expression: RegExp): number {
  const found = all(text, expression);
  expect(found, String(expression)).toHaveLength(1);
  return Number(found[0]);
}

let defaults: Settings;
let unit: string;
let nginx: string;
let haproxy: string;
let alerts: string;
let alertsPage: string;

beforeAll(async () => {
  const folder = new SettingsFolder();
  defaults = folder.production();
  folder.remove();
  unit = await read(`${OPERATIONS}/certkeep.service`);
  nginx = await read(`${OPERATIONS}/nginx.conf`);
  haproxy = await read(`${OPERATIONS}/haproxy.cfg`);
  alerts = await read(`${OPERATIONS}/alerts.yml`);
  alertsPage = await read(`${OPERATIONS}/alerts.md`);
});

test('every setting named in docs/operations exists', async () => {
  const ofCommands = ['CERTKEEP_TOKEN', 'CERTKEEP_TOKEN_FILE'];
  const ofTests = ['CERTKEEP_POOLER'];
  const known = [...(await settingNames()), ...ofCommands, ...ofTests, 'NODE_ENV'];
  for await (const file of glob(`${OPERATIONS}/*`, { cwd: ROOT })) {
    const named = all(await read(file), /\b([A-Z]+(?:_[A-Z]+)+)\b/g).filter(
      (name) => !/^(?:AF|CAP|MALLOC)_/.test(name),
    );
    for (const name of named) expect(known, `${name} in ${file}`).toContain(name);
  }
  for (const name of all(await read(`${OPERATIONS}/certkeep.env`), /^([^#=]+)=/gm)) expect(known).toContain(name);
});

test('every metric that an alert uses exists', async () => {
  // Another test compares this page with the metrics of a server.
  const known = all(await read('docs/reference/metrics.md'), /^\| `(\w+)`/gm);
  const asked = new Set(all(alerts, /\b((?:certkeep|process|nodejs)_\w+)/g));
  expect(asked.size).toBeGreaterThan(8);
  for (const name of asked) {
    const histogram = name.replace(/_(?:bucket|count|sum)$/, '');
    expect(known).toContain(known.includes(name) ? name : histogram);
  }
});

test('alerts.md has a line for every alert, and none for an unknown alert', () => {
  const named = all(alertsPage, /`(Certkeep\w+)`/g);
  expect(named.toSorted()).toEqual(all(alerts, /alert: (\w+)/g).toSorted());
});

test('the server writes every log message named in alerts.md', async () => {
  let code = '';
  for await (const file of glob('src/**/*.ts', { cwd: ROOT })) code += await read(file);
  const [, afterHeading = ''] = alertsPage.split('| `message` | |');
  const messages = all(afterHeading, /^\| `([^`]+)` \|/gm);
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) expect(code).toContain(`'${message}'`);
});

test('the systemd unit starts the server as the image does, with enough time to drain and enough descriptors', async () => {
  const [command = ''] = all(await read('Dockerfile'), /^CMD \["node", (.+)\]$/gm);
  expect(unit).toContain(`/node ${command.replaceAll(/[",]/g, '')}\n`);
  const { drainMs, maxConnections } = defaults;
  expect(numberIn(unit, /^TimeoutStopSec=(\d+)$/gm) * 1000).toBeGreaterThan(drainMs + 5_000);
  expect(numberIn(unit, /^LimitNOFILE=(\d+)$/gm)).toBeGreaterThan(2 * maxConnections);
});

test('nginx allows larger bodies than certkeep, which refuses them itself, and closes idle connections before certkeep does', () => {
  const sizes = all(nginx, /client_max_body_size (\d+[km]);/g);
  // Everything else, key stores, trust-anchor sets with their CRLs, imports.
  expect(sizes).toEqual(['256k', '4m', '20m', '1024m']);
  expect(numberIn(nginx, /keepalive_timeout (\d+)s;/g)).toBeLessThan(75);
});

test('HAProxy notices within DRAIN_SECONDS that a server drains, and opens fewer connections than the server accepts', () => {
  const { drainMs, maxConnections } = defaults;
  const server = all(haproxy, /default-server (.*)$/gm).join(' ');
  expect(numberIn(server, /inter (\d+)ms/g) * numberIn(server, /fall (\d+)/g)).toBeLessThan(drainMs);
  expect(numberIn(server, /maxconn (\d+)/g)).toBeLessThan(maxConnections);
  expect(numberIn(server, /pool-purge-delay (\d+)s/g)).toBeLessThan(75);
});
