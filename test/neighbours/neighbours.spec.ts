import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ATTACKS } from './attacks.js';
import type { Outcomes, Sample } from './messages.js';
import { ObservedServer } from './observed-server.js';
import { Attacker, QuietTenant } from './processes.js';
import { describePhase, type Phase, ratioOf } from './table.js';
import { startTenants, type Tenants } from './tenants.js';

/** The duration of all attacks at once. `npm run test:neighbours` sets ten minutes, and only then compares latencies. */
const SECONDS = Number(process.env['CERTKEEP_NEIGHBOURS_SECONDS'] ?? 20);
const IS_LONG = process.env['CERTKEEP_NEIGHBOURS_SECONDS'] !== undefined;
/** Long enough for a hundred samples of the rarest operation, so that its 99th percentile is not its slowest request. */
const SECONDS_ALONE = Math.min(50, SECONDS / 10);
/** A quiet phase precedes each attack, so that both run on the machine in the same state. */
const SECONDS_QUIET = Math.min(60, SECONDS / 5);
const PROGRESS_SECONDS = 60;

/** The maximum ratio of the 99th percentile under attack to the one of the quiet phase. */
const RATIO_ALONE = 5;
const RATIO_AT_ONCE = 10;

const MAX_RESIDENT_MB = 400;
const MAX_DESCRIPTORS = 1_500;
/** Descriptors for connections that a pool or a client keeps open for a while. */
const DESCRIPTORS_BESIDE = 40;
/** The time that the server may still need after an attack. */
const SETTLING_MS = 120_000;

/** The allowed answers to hostile requests; a 429 or 503 without Retry-After is counted under another name. */
const DOCUMENTED = [
  '200',
  '201',
  '204',
  '400',
  '401',
  '404',
  '408',
  '409',
  '413',
  '415',
  '422',
  '429',
  '431',
  '503',
  'closed',
];

const SIZES = IS_LONG
  ? { searchedUsers: 200_000, largeClients: 12, usersPerLargeClient: 10_000 }
  : { searchedUsers: 20_000, largeClients: 6, usersPerLargeClient: 2_000 };

/** The attacks whose names contain this text; by default all. */
const NAMES = Object.keys(ATTACKS).filter((name) => name.includes(process.env['CERTKEEP_NEIGHBOURS_ATTACKS'] ?? ''));

describe.skipIf(process.platform !== 'linux')('the quiet tenant beside a hostile one', () => {
  let tenants: Tenants;
  let server: ObservedServer;
  let quietTenant: QuietTenant;
  let attackers: Attacker[] = [];
  let quiet: Phase;
  let descriptorsAtRest: number;

  beforeAll(async () => {
    tenants = await startTenants(SIZES);
    server = new ObservedServer(tenants.program.pid, tenants.dataSource);
    quietTenant = new QuietTenant(tenants.target.port, tenants.operations);
    // Afterwards code is compiled and all connections are open.
    await run('warming up', [], Math.min(5, SECONDS_QUIET));
    quiet = await run('quiet', [], IS_LONG ? 1 : SECONDS_QUIET);
    descriptorsAtRest = await server.descriptors();
  });

  afterAll(async () => {
    quietTenant.stop();
    for (const attacker of attackers) attacker.stop();
    await tenants.end();
  });

  async function run(name: string, attacks: readonly string[], seconds: number): Promise<Phase> {
    const target = { ...tenants.target, largeClients: await largeClients() };
    attackers = await Promise.all(attacks.map(async (attack) => await Attacker.start(attack, target)));
    await server.begin(() => attackers.map(({ pid }) => pid));
    quietTenant.begin();
    for (let passed = 0; passed < seconds; passed += PROGRESS_SECONDS) {
      if (passed > 0) console.log(`${name}: ${passed} of ${seconds} s, ${await server.descriptors()} descriptors`);
      await pause(1000 * Math.min(PROGRESS_SECONDS, seconds - passed));
    }
    const samples = await quietTenant.end();
    const observation = await server.end();
    const outcomes = await Promise.all(attackers.map(async (each) => [each.attack, await each.end()] as const));
    attackers = [];
    return { name, seconds, samples, observation, attacks: Object.fromEntries(outcomes) };
  }

  /** The large clients that are not deleted yet. */
  async function largeClients(): Promise<readonly string[]> {
    const rows = await tenants.dataSource.query<{ name: string }[]>(
      `select ext_id as name from clients where ext_id = any($1::text[]) and deleted_at is null order by created, ext_id`,
      [tenants.target.largeClients],
    );
    return rows.map(({ name }) => name);
  }

  function print(phase: Phase): void {
    console.log(
      describePhase(
        phase,
        quiet,
        tenants.operations.map(({ name }) => name),
      ),
    );
  }

  /** Waits until the server is in the same state as before the attack. */
  async function settled(): Promise<void> {
    await expect
      .poll(async () => await server.descriptors(), { timeout: SETTLING_MS, interval: 100 })
      .toBeLessThanOrEqual(descriptorsAtRest + DESCRIPTORS_BESIDE);
    quietTenant.begin();
    // Requests of each kind are sent, and all of them are answered.
    await pause(1_000);
    await quietTenant.end();
  }

  async function attacked(name: string, attacks: readonly string[], seconds: number, ratio: number): Promise<void> {
    if (IS_LONG) quiet = await run('quiet', [], Math.min(SECONDS_QUIET, seconds));
    const phase = await run(name, attacks, seconds);
    print(phase);
    await settled();
    expect.soft(unexpected(phase.samples), 'answers of the quiet tenant').toEqual({});
    expect.soft(undocumented(phase.attacks), 'answers of the hostile tenant').toEqual([]);
    expect.soft(phase.observation.resident, 'MB').toBeLessThan(MAX_RESIDENT_MB);
    expect.soft(phase.observation.descriptors, 'descriptors').toBeLessThan(MAX_DESCRIPTORS);
    for (const operation of IS_LONG ? tenants.operations : []) {
      expect.soft(ratioOf(phase, quiet, operation.name), `p99 of ${operation.name}`).toBeLessThanOrEqual(ratio);
    }
  }

  function unexpected(samples: readonly Sample[]): Outcomes {
    const expected = new Map(tenants.operations.map((operation) => [operation.name, String(operation.expected)]));
    const counts: Record<string, number> = {};
    for (const { name, outcome } of samples) {
      if (outcome === expected.get(name)) continue;
      // The short form shares two cores with other tests, so that more logins than a client may have can be in flight.
      if (!IS_LONG && name === 'log in' && outcome === '503') continue;
      counts[`${name}: ${outcome}`] = (counts[`${name}: ${outcome}`] ?? 0) + 1;
    }
    return counts;
  }

  test.each(NAMES)(
    'the quiet tenant gets its usual answers during: %s',
    { timeout: 2 * SECONDS_ALONE * 1000 + SETTLING_MS + 300_000 },
    async (name) => await attacked(name, [name], SECONDS_ALONE, RATIO_ALONE),
  );

  test(
    'the quiet tenant gets its usual answers during all attacks at once',
    { timeout: (SECONDS + SECONDS_QUIET) * 1000 + SETTLING_MS + 300_000 },
    async () => await attacked('all at once', NAMES, SECONDS, RATIO_AT_ONCE),
  );
});

function undocumented(attacks: Readonly<Record<string, Outcomes>>): readonly string[] {
  return Object.entries(attacks).flatMap(([name, outcomes]) =>
    Object.entries(outcomes)
      .filter(([outcome]) => !DOCUMENTED.includes(outcome))
      .map(([outcome, count]) => `${name}: ${outcome} (${count})`),
  );
}
