import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { certIdOf } from '../../src/x509/revocation/ocsp/ocsp-request.js';
import { ocspValidity } from '../../src/x509/revocation/ocsp/ocsp-validity.js';
import { readOcspResponse } from '../../src/x509/revocation/ocsp/read-ocsp-response.js';
import type { Issued } from '../support/signed-certificate.js';
import { revoked as entry, signCrl } from '../support/signed-crl.js';
import { evaluate, requestFor, responderFixture, type ResponderFixture, writeFixture } from './responder-fixture.js';

type Name = keyof ResponderFixture;

const openssl = (...args: readonly string[]): string => execFileSync('openssl', args, { stdio: 'pipe' }).toString();

const certificates = responderFixture();
const { root } = certificates;
let files: ReturnType<typeof writeFixture>;

const serial = ({ certificate }: Issued) => certificate.structure.serialNumber.toString('hex').toUpperCase();
const after = (minutes: number) => new Date(Date.now() + minutes * 60_000);

beforeAll(() => {
  files = writeFixture(certificates);
  const date = '260401000000Z';
  writeFileSync(
    files.file('index'),
    [
      `V\t490101000000Z\t\t${serial(certificates.good)}\tunknown\t/CN=Jane Doe`,
      `R\t490101000000Z\t${date},keyCompromise\t${serial(certificates.revoked)}\tunknown\t/CN=Jane Doe`,
      `R\t490101000000Z\t${date},certificateHold\t${serial(certificates.held)}\tunknown\t/CN=Jane Doe`,
      '',
    ].join('\n'),
  );
});

afterAll(() => files.remove());

/** What `openssl ocsp` as a responder answers to our request. */
function answer(subject: Name, signer: Name, ...options: readonly string[]): Buffer {
  const { file } = files;
  const name = `${subject}-${signer}`;
  writeFileSync(file(`${name}.request`), requestFor(certificates[subject], root));
  const authority = ['-index', file('index'), '-CA', file('root.pem')];
  const responder = ['-rsigner', file(`${signer}.pem`), '-rkey', file(`${signer}.key`)];
  const messages = ['-reqin', file(`${name}.request`), '-respout', file(`${name}.response`)];
  openssl('ocsp', ...authority, ...responder, ...messages, '-noverify', ...options);
  return readFileSync(file(`${name}.response`));
}

const outcome = (subject: Name, signer: Name, ...options: readonly string[]): string =>
  evaluate(certificates[subject], root, answer(subject, signer, ...options));

describe('13.2 with openssl ocsp', () => {
  it('13.2 our request is, octet by octet, that of openssl', () => {
    const { file } = files;
    const given = ['-issuer', file('root.pem'), '-cert', file('good.pem')];
    openssl('ocsp', ...given, '-no_nonce', '-reqout', file('theirs'));
    expect(requestFor(certificates.good, root).toString('hex')).toBe(readFileSync(file('theirs')).toString('hex'));
  });

  it.each([
    ['by name', []],
    ['by key', ['-resp_key_id']],
    ['without certificates', ['-resp_no_certs']],
    ['with nextUpdate', ['-nmin', '60']],
  ])('13.2 the issuer answers %s', (_, options) => {
    expect(outcome('good', 'root', ...options)).toBe('good');
    expect(outcome('revoked', 'root', ...options)).toBe('revoked keyCompromise');
    expect(outcome('held', 'root', ...options)).toBe('revoked certificateHold');
    expect(outcome('unlisted', 'root', ...options)).toBe('ocspUnknown');
  });

  it.each([
    ['by name', []],
    ['by key', ['-resp_key_id']],
  ])('13.2 a responder with nocheck answers %s', (_, options) => {
    expect(outcome('good', 'withNoCheck', ...options)).toBe('good');
    expect(outcome('revoked', 'withNoCheck', ...options)).toBe('revoked keyCompromise');
    expect(outcome('unlisted', 'withNoCheck', ...options)).toBe('ocspUnknown');
  });

  it('13.2 a responder without nocheck needs a CRL that clears it', () => {
    const { good, withoutNoCheck } = certificates;
    const der = answer('good', 'withoutNoCheck');
    expect(evaluate(good, root, der)).toBe('ocspDelegate');
    const at = new Date();
    const [thisUpdate, nextUpdate] = [-1, 1].map((hours) =>
      new Date(at.getTime() + hours * 3_600_000).toISOString().replaceAll(/^..|[-:T]|\.\d+/g, ''),
    );
    if (thisUpdate === undefined || nextUpdate === undefined) throw new Error('no time');
    const clearing = signCrl(root, { thisUpdate, nextUpdate, entries: [entry(good)] });
    const own = answer('revoked', 'withoutNoCheck');
    expect(evaluate(certificates.revoked, root, own, { crls: [clearing], at })).toBe('revoked keyCompromise');
    const revoking = signCrl(root, { thisUpdate, nextUpdate, entries: [entry(withoutNoCheck)] });
    expect(evaluate(certificates.revoked, root, own, { crls: [revoking], at })).toBe('good');
  });

  it.each([
    ['the issuer has certified for something else', 'uncertified', 'ocspDelegate'],
    ['another issuer has certified', 'stranger', 'ocspSigner'],
  ] as const)('13.2 a responder that %s does not count', (_, signer, expected) => {
    expect(outcome('good', signer)).toBe(expected);
    expect(outcome('revoked', signer)).toBe(expected);
  });

  it('13.2 a delegate whose certificate is not sent is not found', () => {
    expect(outcome('good', 'withNoCheck', '-resp_no_certs')).toBe('ocspSigner');
  });

  it('13.2 a signature with SHA-1, or with a wrong octet, does not count', () => {
    expect(outcome('revoked', 'root', '-rmd', 'sha1')).toBe('ocspUnusable');
    expect(outcome('revoked', 'root', '-badsig')).toBe('ocspSignature');
  });

  it('13.2 without nextUpdate it counts for ten minutes, with it until then and five minutes more', () => {
    const { good } = certificates;
    const without = answer('good', 'root');
    expect(evaluate(good, root, without, { at: after(9) })).toBe('good');
    expect(evaluate(good, root, without, { at: after(11) })).toBe('ocspExpired');
    expect(evaluate(good, root, without, { at: after(-6) })).toBe('ocspNotYetValid');
    const within = answer('good', 'root', '-nmin', '60');
    expect(evaluate(good, root, within, { at: after(64) })).toBe('good');
    expect(evaluate(good, root, within, { at: after(66) })).toBe('ocspExpired');
  });

  it('13.3 the update times are those that openssl prints', () => {
    const { value } = readOcspResponse(answer('good', 'root', '-nmin', '60'));
    const text = openssl('ocsp', '-respin', files.file('good-root.response'), '-noverify', '-resp_text');
    const printed = (name: string) => new Date(new RegExp(`${name}: (.*)`).exec(text)?.[1] ?? '');
    const certId = certIdOf(certificates.good.certificate, root.certificate);
    expect(value && ocspValidity(value, certId)).toEqual({
      thisUpdate: printed('This Update'),
      nextUpdate: printed('Next Update'),
    });
    expect(value?.producedAt).toEqual(printed('Produced At'));
  });
});
