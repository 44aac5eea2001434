// Installs Patroni into .cache/patroni for the tests of failover:
//   node scripts/patroni.mjs
// Never fails: where it is not possible it prints a line, and those tests are skipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { installWithPip } from './pip.mjs';

const requirements = readFileSync(join(import.meta.dirname, '..', 'test', 'failover', 'requirements.txt'), 'utf8');

const problem = installWithPip('patroni', requirements);
console.log(
  problem === undefined
    ? 'Patroni is installed in .cache/patroni.'
    : `Patroni is not installed (${problem}): the tests that need it are skipped.`,
);
