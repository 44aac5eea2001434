import { hash } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { type IssuedCertificate, issueCertificate } from '../../../test/support/pki.js';
import type { CertificateHeaderForm } from '../../common/certificate-header-form.js';
import { readForwardedCertificate } from './forwarded-certificate.js';

let leaf: IssuedCertificate;
let other: IssuedCertificate;

beforeAll(async () => {
  [leaf, other] = await Promise.all([
    issueCertificate({ subject: 'CN=Jane Doe' }),
    issueCertificate({ subject: 'CN=Other CA' }),
  ]);
});

const trusted = (form: CertificateHeaderForm | undefined) => ({ form, isTrusted: true });
const base64 = ({ der }: IssuedCertificate): string => der.toString('base64');
const escaped = ({ pem }: IssuedCertificate): string => encodeURIComponent(pem);
/** As AWS writes it: `+`, `=` and `/` stay. */
const awsEscaped = (one: IssuedCertificate): string =>
  escaped(one).replaceAll('%2B', '+').replaceAll('%3D', '=').replaceAll('%2F', '/');
const sha256 = ({ der }: IssuedCertificate): string => hash('sha256', der, 'hex');

describe('readForwardedCertificate', () => {
  it.each<[CertificateHeaderForm, string, () => string]>([
    ['rfc9440', 'client-cert', () => `:${base64(leaf)}:`],
    ['rfc9440', 'client-cert', () => `:${base64(leaf).replaceAll('=', '')}:`],
    ['rfc9440', 'client-cert', () => `:${base64(leaf)}:;by="a, b"`],
    ['nginx', 'x-ssl-client-cert', () => escaped(leaf)],
    ['haproxy', 'x-ssl-client-der', () => base64(leaf)],
    ['alb', 'x-amzn-mtls-clientcert-leaf', () => awsEscaped(leaf)],
    ['xfcc', 'x-forwarded-client-cert', () => `By=spiffe://a;Hash=${sha256(leaf)};Cert="${escaped(leaf)}"`],
    ['xfcc', 'x-forwarded-client-cert', () => `cert="${escaped(leaf)}";URI=a;URI=b;Subject="CN=\\"a\\", O=b"`],
    ['xfcc', 'x-forwarded-client-cert', () => `By=spiffe://a;By=spiffe://b;Cert="${escaped(leaf)}";DNS=a;DNS=b`],
    ['xfcc', 'x-forwarded-client-cert', () => `Chain="${escaped(leaf)}"`],
  ])('15.1 ok/the certificate of a trusted proxy: %s, %s', (form, name, value) => {
    const reading = readForwardedCertificate({ [name]: [value()] }, trusted(form));
    expect(reading).toEqual({ kind: 'presented', certificate: leaf.der, chain: [] });
  });

  it.each<[CertificateHeaderForm, () => Record<string, string[]>]>([
    ['rfc9440', () => ({ 'client-cert': [`:${base64(leaf)}:`], 'client-cert-chain': [`:${base64(other)}:`] })],
    [
      'xfcc',
      () => ({ 'x-forwarded-client-cert': [`Cert=${escaped(leaf)};Chain="${escaped(leaf)}${escaped(other)}"`] }),
    ],
  ])('15.1 ok/the other certificates of the client: %s', (form, headers) => {
    expect(readForwardedCertificate(headers(), trusted(form))).toEqual({
      kind: 'presented',
      certificate: leaf.der,
      chain: [other.der],
    });
  });

  it('15.1 ok/a chain in several lines, as RFC 9110 allows it for lists', () => {
    const headers = {
      'client-cert': [`:${base64(leaf)}:`],
      'client-cert-chain': [`:${base64(other)}:`, `:${base64(leaf)}: ,:${base64(other)}:`],
    };
    expect(readForwardedCertificate(headers, trusted('rfc9440'))).toMatchObject({
      chain: [other.der, leaf.der, other.der],
    });
  });

  it('15.1 ok/a chain that is an empty list', () => {
    const headers = { 'client-cert': [`:${base64(leaf)}:`], 'client-cert-chain': [''] };
    expect(readForwardedCertificate(headers, trusted('rfc9440'))).toEqual({
      kind: 'presented',
      certificate: leaf.der,
      chain: [],
    });
  });

  it.each<[CertificateHeaderForm | undefined, Record<string, string[]>]>([
    [undefined, { 'client-cert': ['x'] }],
    ['rfc9440', {}],
    ['nginx', { 'x-ssl-client-cert': [''] }],
    ['haproxy', { 'x-ssl-client-der': [''] }],
    ['alb', { 'x-amzn-mtls-clientcert-leaf': [''] }],
    ['xfcc', { 'x-forwarded-client-cert': [''] }],
    ['xfcc', { 'x-forwarded-client-cert': ['By=spiffe://a;URI='] }],
  ])('15.1 ok/no certificate: %s %j', (form, headers) => {
    expect(readForwardedCertificate(headers, trusted(form))).toEqual({ kind: 'none' });
  });

  it.each<[string, CertificateHeaderForm, () => Record<string, string[]>]>([
    ['a second value', 'rfc9440', () => ({ 'client-cert': [`:${base64(leaf)}:`, `:${base64(leaf)}:`] })],
    ['two values in one', 'rfc9440', () => ({ 'client-cert': [`:${base64(leaf)}:, :${base64(other)}:`] })],
    ['the form of nginx', 'rfc9440', () => ({ 'client-cert': [escaped(leaf)] })],
    ['base64 without colons', 'rfc9440', () => ({ 'client-cert': [base64(leaf)] })],
    ['an empty value', 'rfc9440', () => ({ 'client-cert': [''] })],
    ['an inner list', 'rfc9440', () => ({ 'client-cert': [`(:${base64(leaf)}:)`] })],
    ['a no-break space', 'rfc9440', () => ({ 'client-cert': [`:${base64(leaf)}:\u00a0`] })],
    [
      'a second line that is empty',
      'rfc9440',
      () => ({ 'client-cert': [`:${base64(leaf)}:`], 'client-cert-chain': [`:${base64(other)}:`, ''] }),
    ],
    ['a second value that is empty', 'rfc9440', () => ({ 'client-cert': [`:${base64(leaf)}:`, ''] })],
    ['an empty chain without a certificate', 'rfc9440', () => ({ 'client-cert-chain': [''] })],
    ['an empty byte sequence', 'rfc9440', () => ({ 'client-cert': ['::'] })],
    ['a chain without a certificate', 'rfc9440', () => ({ 'client-cert-chain': [`:${base64(leaf)}:`] })],
    [
      'a chain of another form',
      'rfc9440',
      () => ({ 'client-cert': [`:${base64(leaf)}:`], 'client-cert-chain': ['x'] }),
    ],
    [
      'a chain that is too long',
      'rfc9440',
      () => ({
        'client-cert': [`:${base64(leaf)}:`],
        'client-cert-chain': [Array.from({ length: 9 }, () => `:${base64(other)}:`).join(', ')],
      }),
    ],
    ['the form of RFC 9440', 'nginx', () => ({ 'x-ssl-client-cert': [`:${base64(leaf)}:`] })],
    ['two blocks', 'nginx', () => ({ 'x-ssl-client-cert': [escaped(leaf) + escaped(other)] })],
    ['an escape that is not complete', 'nginx', () => ({ 'x-ssl-client-cert': [`${escaped(leaf)}%`] })],
    ['whitespace', 'haproxy', () => ({ 'x-ssl-client-der': [`${base64(leaf)} `] })],
    [
      'several elements',
      'xfcc',
      () => ({ 'x-forwarded-client-cert': [`Cert="${escaped(leaf)}",Cert="${escaped(leaf)}"`] }),
    ],
    [
      'a key twice',
      'xfcc',
      () => ({ 'x-forwarded-client-cert': [`Cert="${escaped(leaf)}";cert="${escaped(other)}"`] }),
    ],
    ['an open quotation mark', 'xfcc', () => ({ 'x-forwarded-client-cert': [`Cert="${escaped(leaf)}`] })],
    ['a hash alone', 'xfcc', () => ({ 'x-forwarded-client-cert': [`Hash=${sha256(leaf)}`] })],
    ['another hash', 'xfcc', () => ({ 'x-forwarded-client-cert': [`Hash=${sha256(other)};Cert="${escaped(leaf)}"`] })],
    [
      'a chain of another certificate',
      'xfcc',
      () => ({
        'x-forwarded-client-cert': [`Cert="${escaped(leaf)}";Chain="${escaped(other)}"`],
      }),
    ],
    ['a certificate that is not escaped', 'xfcc', () => ({ 'x-forwarded-client-cert': ['Cert="x"'] })],
  ])('15.1 fail/%s: %s', (_title, form, headers) => {
    expect(readForwardedCertificate(headers(), trusted(form)).kind).toBe('malformed');
  });

  it.each<Record<string, string[]>>([
    { 'client-cert': [''] },
    { 'client-cert': ['x'] },
    { 'client-cert-chain': ['x'] },
  ])('15.1 fail/a header from a peer that is not trusted: %j', (headers) => {
    const reading = readForwardedCertificate(headers, { form: 'rfc9440', isTrusted: false });
    expect(reading).toMatchObject({ kind: 'malformed', message: expect.stringContaining('TRUSTED_PROXIES') as string });
  });

  it('15.1 ok/nothing from a peer that is not trusted', () => {
    expect(readForwardedCertificate({}, { form: 'rfc9440', isTrusted: false })).toEqual({ kind: 'none' });
  });
});
