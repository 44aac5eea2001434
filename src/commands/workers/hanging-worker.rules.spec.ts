import { expect, test } from 'vitest';

import { hangingWorker, MAX_SILENT_CHECKS } from './hanging-worker.rules.js';

/** The index of the worker to kill, by the checks that each has been silent for; undefined where a place is empty. */
function hanging(...silentChecks: readonly (number | undefined)[]): number {
  const places = silentChecks.map((silent) => (silent === undefined ? undefined : { silentChecks: silent }));
  const worker = hangingWorker(places);
  return worker === undefined ? -1 : places.indexOf(worker);
}

test.each([
  ['all have just reported', [0, 0], -1],
  ['the machine was stopped: one check is due before anybody can report', [1, 1, 1, 1], -1],
  ['one is busy and reports in time', [MAX_SILENT_CHECKS - 1, 0], -1],
  ['one hangs', [0, MAX_SILENT_CHECKS], 1],
  ['one is killed and has not ended yet', [0, MAX_SILENT_CHECKS + 3], 1],
  ['all hang: the first', [MAX_SILENT_CHECKS, MAX_SILENT_CHECKS], 0],
  ['all hang: the one that has done so the longest', [MAX_SILENT_CHECKS, MAX_SILENT_CHECKS + 1], 1],
  ['another one is being replaced', [undefined, MAX_SILENT_CHECKS], -1],
  ['none is left', [undefined, undefined], -1],
])('%s', (_, silentChecks, expected) => {
  expect(hanging(...silentChecks)).toBe(expected);
});
