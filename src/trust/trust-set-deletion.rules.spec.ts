import { expect, test } from 'vitest';

import { MAX_NAMED_POLICIES, stillNamed } from './trust-set-deletion.rules.js';

test('11.3 ok/a set that no policy names', () => {
  expect(stillNamed([])).toBeUndefined();
});

test('11.3 fail/the message names the policies, with their names where they have one', () => {
  const policies = [
    { extId: 'p-1', name: 'Strict\n' },
    { extId: 'p-2', name: null },
  ];
  expect(stillNamed(policies)).toEqual({
    code: 'errors.undeletedDependencies',
    message: 'Policies name this trust-anchor set: p-1 ("Strict\\0A"), p-2.',
  });
});

test('11.3 fail/of many policies the first ones are named', () => {
  const policies = Array.from({ length: MAX_NAMED_POLICIES + 1 }, (_, index) => ({ extId: `p-${index}`, name: null }));
  const message = stillNamed(policies)?.message ?? '';
  expect(message).toContain('p-9 and others.');
  expect(message).not.toContain('p-10');
});
