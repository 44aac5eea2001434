import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { type GuardedChange, GuardedChanges } from '../src/audit/guarded-change.js';
import { VersionCheck } from '../src/audit/version-check.js';
import { systemCaller } from '../src/common/actor.js';
import type { ErrorCode, ErrorDetail } from '../src/common/errors.js';
import { Database } from '../src/database/database.js';
import { parseIfMatch } from '../src/http/precondition.js';
import { locksOfPolicies, readPolicyToChange } from '../src/policies/policy-locks.js';
import { removePolicy, storePolicyChange } from '../src/policies/policy-store.js';
import type { PolicyRow } from '../src/policies/policy.table.js';
import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';

interface Plan {
  readonly kind: 'changed';
  readonly description: string;
}

type Evidence = readonly number[];
type PolicyChange = GuardedChange<PolicyRow, Plan, PolicyRow, Evidence>;

let app: TestApp;
let database: Database;
let changes: GuardedChanges;
let extId: string;
let count = 0;

const path = () => ({ clientExtId: '100', extId });
const caller = () => systemCaller('100', app.clock.now(), 'request-1');

beforeAll(async () => {
  app = await startApp();
  database = app.get(Database);
  changes = app.get(GuardedChanges);
  await new Builders(app.dataSource).client('100');
});

afterAll(async () => await app.close());

beforeEach(async () => {
  extId = `policy-${(count += 1)}`;
  await new Builders(app.dataSource).policy('100', extId);
});

/** Writes the version that was decided on into the description. `more` overrides parts of it. */
function describing(own: Partial<PolicyChange> = {}): PolicyChange {
  return {
    caller: caller(),
    clientExtId: '100',
    expected: { ifMatch: undefined, version: undefined },
    locks: locksOfPolicies('100'),
    read: readPolicyToChange(path()),
    decide: ({ version }) => ({ kind: 'changed', description: `decided on ${version}` }),
    write: async (runner, row, { description }) => {
      const { name, defaultPolicy, parameters } = row;
      const next = { name, defaultPolicy, parameters, description };
      return await storePolicyChange(runner, caller(), row, next, ['description']);
    },
    ...own,
  };
}

const changeConcurrently = async (): Promise<unknown> =>
  await app.dataSource.query(`update policies set version = version + 1 where ext_id = $1`, [extId]);

const changedMeanwhile: PolicyChange['gather'] = async () => {
  await changeConcurrently();
  return [];
};

const deleted: PolicyChange['gather'] = async (row) => {
  await removePolicy(database, caller(), row);
  return [];
};

const mustNotDecide: PolicyChange['decide'] = () => {
  throw new Error('Nothing was to be decided.');
};

const stale = (expected: PolicyChange['expected']) => describing({ expected, decide: mustNotDecide });

async function stored(): Promise<unknown> {
  const [row] = await app.dataSource.query<object[]>(
    `select p.version, p.description, (select count(*)::integer from audit_events t where t.ext_id = p.ext_id) as events
      from policies p where p.ext_id = $1`,
    [extId],
  );
  return row;
}

async function refusalOf(change: PolicyChange): Promise<readonly ErrorCode[]> {
  const refused = await changes.apply(change).then(
    () => [],
    (error: { readonly details: readonly ErrorDetail[] }) => error.details,
  );
  return refused.map(({ code }) => code);
}

const UNTOUCHED = { version: 1, description: null, events: 0 };

test('3.1 a change is written once, with its audit event', async () => {
  const outcome = await changes.apply(describing());
  expect(outcome).toMatchObject({ kind: 'written', result: { version: 2, description: 'decided on 1' } });
  expect(await stored()).toEqual({ version: 2, description: 'decided on 1', events: 1 });
});

test('3.1 a change without effect is not written', async () => {
  const outcome = await changes.apply(describing({ decide: () => ({ kind: 'unchanged' }) }));
  expect(outcome).toMatchObject({ kind: 'unchanged', row: { version: 1 } });
  expect(await stored()).toEqual(UNTOUCHED);
});

test('a refused change is not written', async () => {
  const errors = [{ code: 'errors.invalidData', message: 'no' }] as const;
  expect(await refusalOf(describing({ decide: () => ({ kind: 'refused', errors }) }))).toEqual(['errors.invalidData']);
  expect(await stored()).toEqual(UNTOUCHED);
});

test('3.2, 3.5 a stale version is refused before the decision', async () => {
  expect(await refusalOf(stale({ ifMatch: undefined, version: 7 }))).toEqual(['errors.optimisticLockingFailure']);
  expect(await refusalOf(stale({ ifMatch: parseIfMatch('"7"'), version: undefined }))).toEqual([
    'errors.preconditionFailed',
  ]);
});

test('3.6 a version is required where the settings say so, unless the request is exempt', async () => {
  const versions = new VersionCheck(database, { ...app.settings, requireVersion: true });
  const strict = new GuardedChanges(database, versions);
  await expect(strict.apply(describing())).rejects.toMatchObject({ code: 'errors.preconditionRequired' });
  expect(await strict.apply(describing({ expected: undefined }))).toMatchObject({ kind: 'written' });
});

test('4.3 a missing row is refused before the decision', async () => {
  expect(await refusalOf(describing({ read: readPolicyToChange({ clientExtId: '100', extId: 'none' }) }))).toEqual([
    'errors.noRecord',
  ]);
  expect(await refusalOf(describing({ read: readPolicyToChange({ clientExtId: '200', extId }) }))).toEqual([
    'errors.noRecord',
  ]);
});

test('1.4 a dry run answers as the change would, duplicates included, and writes nothing', async () => {
  const outcome = await changes.apply(describing({ dryRun: true }));
  expect(outcome).toMatchObject({ kind: 'dryRun', row: { version: 1 }, plan: { description: 'decided on 1' } });
  const taken = { code: 'errors.duplicateName', message: 'taken', field: 'name' } as const;
  const findTaken = async () => await Promise.resolve([taken]);
  expect(await refusalOf(describing({ dryRun: true, findTaken }))).toEqual(['errors.duplicateName']);
  expect(await refusalOf(describing({ dryRun: true, lockFirst: 'always', findTaken }))).toEqual([
    'errors.duplicateName',
  ]);
  expect(await stored()).toEqual(UNTOUCHED);
});

test('3.4 a change that loses a race decides again on the new row, and does not lose a second time', async () => {
  const outcome = await changes.apply(describing({ gather: changedMeanwhile }));
  expect(outcome).toMatchObject({ kind: 'written', result: { version: 3, description: 'decided on 2' } });
});

test('3.2, 3.4 a change with a version that loses a race is refused', async () => {
  const expected = { ifMatch: undefined, version: 1 };
  expect(await refusalOf(describing({ expected, gather: changedMeanwhile }))).toEqual([
    'errors.optimisticLockingFailure',
  ]);
  expect(await stored()).toEqual({ ...UNTOUCHED, version: 2 });
});

test('4.3 a change that loses a race with a deletion finds nothing', async () => {
  expect(await refusalOf(describing({ gather: deleted }))).toEqual(['errors.noRecord']);
});

test('3.4 20 changes at once are all applied, each with its own version and audit event', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, async () => await changes.apply(describing())));
  expect(outcomes.every(({ kind }) => kind === 'written')).toBe(true);
  expect(await stored()).toMatchObject({ version: 21, events: 20 });
});

/** Has evidence for the versions up to the one that it read, or for the first one only where it is `blind`. */
class Source {
  readonly transactionsMeanwhile: number[] = [];

  constructor(private readonly blind: boolean) {}

  readonly gather = async ({ version }: PolicyRow): Promise<Evidence> => {
    const [row] = await app.dataSource.query<[{ open: number }]>(
      `select count(*)::integer as open from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`,
    );
    this.transactionsMeanwhile.push(row.open);
    if (this.transactionsMeanwhile.length === 1) await changeConcurrently();
    return this.blind ? [1] : [version];
  };
}

const needsEvidence: PolicyChange['decide'] = ({ version }, evidence) =>
  evidence?.includes(version) === true
    ? { kind: 'changed', description: `decided on ${version}` }
    : { kind: 'evidenceMissing' };

test('evidence that is missing under the locks is gathered once more, outside any transaction', async () => {
  const source = new Source(false);
  const outcome = await changes.apply(describing({ gather: source.gather, decide: needsEvidence }));
  expect(outcome).toMatchObject({ kind: 'written', result: { version: 3, description: 'decided on 2' } });
  expect(source.transactionsMeanwhile).toEqual([0, 0]);
});

test('evidence that is still missing is 503, and nothing is written', async () => {
  const source = new Source(true);
  expect(await refusalOf(describing({ gather: source.gather, decide: needsEvidence }))).toEqual(['errors.unavailable']);
  expect(source.transactionsMeanwhile).toEqual([0, 0]);
  expect(await stored()).toEqual({ ...UNTOUCHED, version: 2 });
});

test('evidence that cannot be gathered is 503', async () => {
  expect(await refusalOf(describing({ decide: () => ({ kind: 'evidenceMissing' }) }))).toEqual(['errors.unavailable']);
});

test('a creation is decided on rows without a version and expects none', async () => {
  const creation = {
    caller: caller(),
    clientExtId: '100',
    expected: undefined,
    locks: {},
    read: async () => await Promise.resolve({ policyVersion: 1 }),
    decide: ({ policyVersion }: { readonly policyVersion: number }) => ({ kind: 'changed', policyVersion }) as const,
    write: async (_runner: unknown, _row: object, plan: object) => await Promise.resolve(plan),
  };
  expect(await changes.apply(creation)).toMatchObject({ kind: 'written', result: { policyVersion: 1 } });
  const expected = { ifMatch: undefined, version: 1 };
  // @ts-expect-error a row without a version has none to expect
  await expect(changes.apply({ ...creation, expected })).rejects.toThrow('The row has no version to compare with');
});

test('locks are taken in the declared order, whatever order they are given in', async () => {
  const taken: string[] = [];
  const lock = (kind: string) => async () => await Promise.resolve(taken.push(kind));
  const locks = {
    credential: lock('credential'),
    policy: lock('policy'),
    user: lock('user'),
    trustSet: lock('trustSet'),
    policiesFairLock: lock('policiesFairLock'),
    client: lock('client'),
  };
  await changes.apply(describing({ locks, lockFirst: 'always' }));
  expect(taken).toEqual(['client', 'user', 'policiesFairLock', 'trustSet', 'policy', 'credential']);
  await changes.apply(describing({ locks, lockFirst: () => true }));
  expect(taken).toHaveLength(12);
  await changes.apply(describing({ locks, lockFirst: () => false }));
  expect(taken).toHaveLength(12);
});
