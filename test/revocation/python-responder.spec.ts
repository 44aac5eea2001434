import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readOcspResponse } from '../../src/x509/revocation/ocsp/read-ocsp-response.js';
import type { Issued } from '../support/signed-certificate.js';
import { evaluate, requestFor, responderFixture } from './responder-fixture.js';

const PACKAGES = join(import.meta.dirname, '..', '..', '.cache', 'python-cryptography');

const { root, good: leaf, ...others } = responderFixture();

interface Order {
  readonly status?: 'GOOD' | 'REVOKED' | 'UNKNOWN';
  readonly reason?: string;
  readonly signer?: Issued;
  readonly certificates?: readonly Issued[];
  readonly subject?: Issued;
  readonly digest?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly signature?: 'sha256' | 'sha384' | 'sha512';
  readonly byKey?: boolean;
  readonly nextUpdate?: boolean;
  readonly nonce?: boolean;
  readonly refusal?: string;
}

const base64 = ({ der }: Issued) => der.toString('base64');
const by = (signer: Issued, certificates = [signer]): Order => ({ status: 'REVOKED', signer, certificates });

/** What the Python responder answers, in the order of the orders. */
function answers(...orders: readonly Order[]): readonly Buffer[] {
  const lines = orders.map((order) => {
    const { signer = root, subject = leaf, certificates = [], ...rest } = order;
    return JSON.stringify({
      status: 'GOOD',
      digest: 'sha1',
      signature: 'sha256',
      byKey: false,
      nextUpdate: true,
      nonce: false,
      ...rest,
      request: requestFor(subject, root).toString('base64'),
      subject: base64(subject),
      issuer: base64(root),
      signer: base64(signer),
      key: signer.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      certificates: certificates.map(base64),
    });
  });
  const printed = execFileSync('python3', [join(import.meta.dirname, 'responder.py')], {
    input: `${lines.join('\n')}\n`,
    env: { ...process.env, PYTHONPATH: PACKAGES },
  });
  return printed
    .toString()
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));
}

const outcomes = (...orders: readonly Order[]): readonly string[] =>
  answers(...orders).map((der, index) => evaluate(orders[index]?.subject ?? leaf, root, der));

describe.skipIf(isPythonMissing())('13.2 with the responder of a second implementation', () => {
  it('13.2 every status and reason', () => {
    expect(
      outcomes(
        {},
        { status: 'UNKNOWN' },
        { status: 'REVOKED' },
        { status: 'REVOKED', reason: 'key_compromise' },
        { status: 'REVOKED', reason: 'certificate_hold' },
        { status: 'REVOKED', reason: 'remove_from_crl' },
        { status: 'REVOKED', reason: 'aa_compromise' },
      ),
    ).toEqual([
      'good',
      'ocspUnknown',
      'revoked unspecified',
      'revoked keyCompromise',
      'revoked certificateHold',
      'revoked removeFromCRL',
      'revoked aACompromise',
    ]);
  });

  it('13.2 every digest of a CertID, and of a signature', () => {
    expect(
      outcomes(
        { digest: 'sha256' },
        { digest: 'sha384' },
        { digest: 'sha512' },
        { signature: 'sha384' },
        { signature: 'sha512' },
        { byKey: true },
        { nonce: true },
        { nextUpdate: false },
      ),
    ).toEqual(Array.from({ length: 8 }, () => 'good'));
  });

  it('13.2 responders that the issuer has certified, and others', () => {
    const { withNoCheck, withoutNoCheck, uncertified, stranger } = others;
    expect(
      outcomes(
        by(withNoCheck),
        { ...by(withNoCheck), byKey: true },
        by(withNoCheck, [root, stranger, withNoCheck]),
        by(withNoCheck, []),
        by(withoutNoCheck),
        by(uncertified),
        by(stranger),
      ),
    ).toEqual([
      'revoked unspecified',
      'revoked unspecified',
      'revoked unspecified',
      'ocspSigner',
      'ocspDelegate',
      'ocspDelegate',
      'ocspSigner',
    ]);
  });

  it('13.2 an answer for another serial number', () => {
    const [der = Buffer.alloc(0)] = answers({ status: 'REVOKED', subject: others.revoked });
    expect(evaluate(others.revoked, root, der)).toBe('revoked unspecified');
    expect(evaluate(leaf, root, der)).toBe('missing');
  });

  it('13.2 a responder that gives no answer', () => {
    const refusals = ['MALFORMED_REQUEST', 'INTERNAL_ERROR', 'TRY_LATER', 'SIG_REQUIRED', 'UNAUTHORIZED'];
    const read = answers(...refusals.map((refusal) => ({ refusal }))).map((der) => readOcspResponse(der).refusal);
    expect(read).toEqual(['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized']);
  });
});

/** Says in one line what is skipped, and why. */
function isPythonMissing(): boolean {
  if (existsSync(PACKAGES)) return false;
  console.log('cryptography is not installed (node scripts/python-cryptography.mjs does it): its tests are skipped.');
  return true;
}
