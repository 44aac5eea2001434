import { expect, it } from 'vitest';

import { entries, pemOf } from '../../test/support/corpus.js';
import { readCorpusCertificate } from './certificate-corpus.js';

const [entry] = entries.filter(({ format, ...rest }) => format === 'pem' && rest.class === 'wellformed');
if (entry === undefined) throw new Error('no certificate');
const pem = pemOf(entry);

it.each([
  ['a BOM', `\ufeff${pem}`],
  ['text that is not ASCII', `Zertifikat für Jörg\n${pem}`],
])('2.9 a file of the corpus with %s is read as the text that callers send', (_, text) => {
  expect(readCorpusCertificate(entry, Buffer.from(text))).toMatchObject({ ok: true });
});
