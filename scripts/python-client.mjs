// Installs openapi-python-client into .cache, for the test of the client that it makes:
//   node scripts/python-client.mjs
// Never fails: where it is not possible it says so in a line, and that test is skipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { installWithPip } from './pip.mjs';

const requirements = readFileSync(
  join(import.meta.dirname, '..', 'test', 'clients', 'consumers', 'python', 'requirements.txt'),
  'utf8',
);

const problem = installWithPip('openapi-python-client', requirements);
console.log(
  problem === undefined
    ? 'openapi-python-client is installed in .cache/openapi-python-client.'
    : `openapi-python-client is not installed (${problem}): the test that needs it is skipped.`,
);
