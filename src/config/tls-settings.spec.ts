import { generateKeyPairSync } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { generateKeyPair, privateKeyPem } from '../../test/support/keys.js';
import { issueCertificate } from '../../test/support/pki.js';
import { problemsOf, SettingsFolder } from '../../test/support/settings-folder.js';

let folder: SettingsFolder;
let good: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = new SettingsFolder();
  const keys = await generateKeyPair('EC-P256');
  const { pem } = await issueCertificate({ subject: 'CN=certkeep.acme.example', keys });
  folder.file('other.key', await privateKeyPem((await generateKeyPair('EC-P256')).privateKey));
  folder.file('words', 'no PEM');
  folder.file('empty', '');
  good = {
    TLS_PORT: '8443',
    TLS_CERT_FILE: folder.file('server.pem', pem),
    TLS_KEY_FILE: folder.file('server.key', await privateKeyPem(keys.privateKey)),
    TLS_CLIENT_CA_FILE: folder.file('ca.pem', pem + pem),
  };
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  });
  folder.file('encrypted.key', privateKey);
});

afterAll(() => folder.remove());

test('ok/a TLS listener', () => {
  expect(folder.production(good).tls).toEqual({
    port: 8443,
    certificateFile: good['TLS_CERT_FILE'],
    keyFile: good['TLS_KEY_FILE'],
    clientCaFile: good['TLS_CLIENT_CA_FILE'],
  });
});

test('ok/neither a TLS listener nor a header of proxies by default', () => {
  expect(folder.production()).toMatchObject({ tls: undefined, clientCertHeader: undefined });
});

test('ok/the header of proxies', () => {
  const settings = folder.production({ CLIENT_CERT_HEADER: 'rfc9440', TRUSTED_PROXIES: '10.0.0.1' });
  expect(settings.clientCertHeader).toBe('rfc9440');
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'no key',
    { TLS_KEY_FILE: '' },
    'TLS_KEY_FILE: missing; TLS_PORT, TLS_CERT_FILE, TLS_KEY_FILE must be set together.',
  ],
  ['no port', { TLS_PORT: '' }, 'TLS_PORT: missing; TLS_PORT, TLS_CERT_FILE, TLS_KEY_FILE must be set together.'],
  ['the port of HTTP', { PORT: '8443' }, 'TLS_PORT and PORT are both 8443; they must differ.'],
  [
    'the key of another certificate',
    { TLS_KEY_FILE: 'other.key' },
    'TLS_KEY_FILE: the key is not that of the first certificate in TLS_CERT_FILE. Put the certificate of the server first, or name its key.',
  ],
  [
    'an encrypted key',
    { TLS_KEY_FILE: 'encrypted.key' },
    'TLS_KEY_FILE: the private key is encrypted; store it without a passphrase.',
  ],
  ['a certificate as key', { TLS_KEY_FILE: 'server.pem' }, 'TLS_KEY_FILE: the file is not a private key in PEM.'],
  [
    'a key as certificate',
    { TLS_CERT_FILE: 'server.key' },
    'TLS_CERT_FILE: the file does not begin with a certificate in PEM.',
  ],
  [
    'an empty certificate',
    { TLS_CERT_FILE: 'empty' },
    'TLS_CERT_FILE: the file does not begin with a certificate in PEM.',
  ],
  [
    'CAs without a certificate',
    { TLS_CLIENT_CA_FILE: 'words' },
    'TLS_CLIENT_CA_FILE: the file must contain certificates in PEM, and no other blocks.',
  ],
  [
    'empty CAs',
    { TLS_CLIENT_CA_FILE: 'empty' },
    'TLS_CLIENT_CA_FILE: the file must contain certificates in PEM, and no other blocks.',
  ],
  [
    'a key among the CAs',
    { TLS_CLIENT_CA_FILE: 'server.key' },
    'TLS_CLIENT_CA_FILE: the file must contain certificates in PEM, and no other blocks.',
  ],
  ['a file that is missing', { TLS_CERT_FILE: 'nowhere' }, 'TLS_CERT_FILE: the file cannot be read (ENOENT).'],
  [
    'a header without proxies',
    { CLIENT_CERT_HEADER: 'nginx' },
    'CLIENT_CERT_HEADER: set without TRUSTED_PROXIES, so that nobody could send the header.',
  ],
  [
    'an unknown header',
    { CLIENT_CERT_HEADER: 'envoy', TRUSTED_PROXIES: '10.0.0.1' },
    'CLIENT_CERT_HEADER must be one of none, rfc9440, xfcc, nginx, haproxy, alb.',
  ],
])('fail/%s', (_title, bad, problem) => {
  const files = Object.entries(bad).map(([name, value]) => {
    return [name, name.endsWith('_FILE') && value !== '' ? `${folder.path}/${value}` : value] as const;
  });
  expect(problemsOf(() => folder.production({ ...good, ...Object.fromEntries(files) }))).toEqual([`  - ${problem}`]);
});

test('fail/CAs without a listener', () => {
  const problems = problemsOf(() => folder.production({ TLS_CLIENT_CA_FILE: good['TLS_CLIENT_CA_FILE'] }));
  expect(problems).toEqual(['  - TLS_CLIENT_CA_FILE: set without TLS_PORT.']);
});
