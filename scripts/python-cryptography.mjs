// Installs the Python package cryptography into .cache, for the tests that use it as an OCSP responder:
//   node scripts/python-cryptography.mjs
// Never fails: where it is not possible it says so in a line, and those tests are skipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { installWithPip } from './pip.mjs';

const requirements = readFileSync(join(import.meta.dirname, '..', 'test', 'revocation', 'requirements.txt'), 'utf8');

const problem = installWithPip('python-cryptography', requirements);
console.log(
  problem === undefined
    ? 'cryptography is installed in .cache/python-cryptography.'
    : `cryptography is not installed (${problem}): the tests that need it are skipped.`,
);
