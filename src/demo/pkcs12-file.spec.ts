import { expect, test } from 'vitest';

import { pkcs8Of } from '../../test/support/pkcs12.js';
import { issueCertificate } from '../../test/support/pki.js';
import { readPkcs12 } from '../x509/pkcs12/read-pkcs12.js';
import { writePkcs12 } from './pkcs12-file.js';

test.each(['open-sesame', '', 'Zürich 東京'])(
  'PKCS#12: the file of the demo opens with its password "%s"',
  async (password) => {
    const { der, keys } = await issueCertificate({ subject: [{ CN: ['payments'] }] });
    const privateKey = await pkcs8Of(keys);
    const file = writePkcs12(der, privateKey, password);
    expect(readPkcs12(file, password, new Date())).toEqual({ ok: true, leaf: der, chain: [], privateKey });
    expect(readPkcs12(file, 'guess', new Date())).toMatchObject({ problem: 'wrongPassword' });
  },
);
