import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { UsersFixture } from '../support/users-fixture.js';

let fixture: UsersFixture;

beforeAll(async () => {
  fixture = await UsersFixture.start();
});

afterAll(async () => await fixture.app.close());

/** Few values, so that some requests change nothing. */
const body = fc.record({ remarks: fc.constantFrom('a', 'b', null) }, { requiredKeys: [] });
const change = fc.record(
  { sent: body, version: fc.constantFrom<'current' | 'stale'>('current', 'stale') },
  { requiredKeys: ['sent'] },
);
/** The requests of one list are sent at once. */
const interleaving = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 4 });

interface Resource {
  readonly version: number;
  readonly remarks?: string;
}

test('3.2, 3.4 with any requests one after the other and at once, versions and audit events are 1, 2, 3 without gaps', async () => {
  await fc.assert(
    fc.asyncProperty(interleaving, async (groups) => {
      const path = await fixture.user();
      const seen = new Map<number, string | undefined>([[1, undefined]]);
      for (const group of groups) {
        const { version } = (await fixture.read(path)).body as Resource;
        const answers = await Promise.all(
          group.map(async ({ sent, version: which }) => {
            const known = which === undefined ? {} : { version: which === 'current' ? version : version - 1 };
            return await fixture.patch(path, { ...sent, ...known });
          }),
        );
        for (const [index, { status, body: answer }] of answers.entries()) {
          expect(status === 200 || (status === 409 && group[index]?.version !== undefined)).toBe(true);
          if (status !== 200) continue;
          const { version: number, remarks } = answer as Resource;
          // A version is one state of the resource, whichever request returns it.
          if (seen.has(number)) expect(remarks).toBe(seen.get(number));
          seen.set(number, remarks);
        }
      }
      const { version: last } = (await fixture.read(path)).body as Resource;
      const numbers = Array.from({ length: last }, (_, index) => index + 1);
      expect([...seen.keys()].toSorted((one, other) => one - other)).toEqual(numbers);
      const events = await fixture.eventsOf(path.slice(path.lastIndexOf('/') + 1));
      // A refused write has an event without a version.
      expect(events.map(({ version }) => version).filter((version) => version !== null)).toEqual(numbers);
    }),
    { numRuns: 12 },
  );
});
