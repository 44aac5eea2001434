import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { extension, hex, objectIdentifier, sequence, tlv } from '../../../../test/support/der.js';
import { authority, endEntity } from '../../../../test/support/signed-certificate.js';
import {
  answerAbout,
  basicResponse,
  criticalExtension,
  keyHash,
  ocspDer,
  ocspStatus,
  responderIds,
  responseDer,
  type SignedOcsp,
} from '../../../../test/support/signed-ocsp.js';
import { Tag } from '../../der/tag.js';
import { nameKey } from '../../name/compare-names.js';
import { readOcspResponse } from './read-ocsp-response.js';

const root = authority('Root');
const leaf = endEntity(root);
const answer = answerAbout(leaf, root);
const read = (request: SignedOcsp = {}) => readOcspResponse(ocspDer(root, { answers: [answer], ...request }));
const time = (text: string) => tlv(Tag.generalizedTime, Buffer.from(text));
const now = time('20260501000000Z');

describe('13.2 reading an OCSP response', () => {
  it('13.2 all that it says', () => {
    const { value, problems, refusal } = read({ certificates: [root.der], producedAt: '20260502000000Z' });
    expect({ problems, refusal }).toEqual({ problems: [], refusal: undefined });
    expect(value).toMatchObject({
      responderId: { kind: 'byName', name: root.certificate.subject && nameKey(root.certificate.subject) },
      producedAt: new Date('2026-05-02T00:00:00Z'),
      signature: { algorithm: '1.2.840.10045.4.3.2' },
      hasUnknownCriticalExtension: false,
    });
    expect(value?.certificates.map(({ der }) => der)).toEqual([root.der]);
    expect(value?.responses).toEqual([
      {
        certId: {
          hashAlgorithm: '1.3.14.3.2.26',
          issuerNameHash: createHash('sha1').update(root.subject).digest(),
          issuerKeyHash: keyHash(root),
          serialNumber: leaf.certificate.structure.serialNumber,
        },
        status: 'good',
        reason: undefined,
        revocationDate: undefined,
        thisUpdate: new Date('2026-05-01T00:00:00Z'),
        nextUpdate: new Date('2026-07-01T00:00:00Z'),
        hasUnknownCriticalExtension: false,
      },
    ]);
  });

  it('13.2 a responder by its key', () => {
    const { value } = read({ responderId: responderIds.byKey(root) });
    expect(value?.responderId).toEqual({ kind: 'byKey', keyHash: keyHash(root) });
    expect(value?.certificates).toEqual([]);
  });

  it('13.2 critical extensions, of the response and of an answer', () => {
    const harmless = extension('1.3.6.1.4.1.55738.666.2', hex('0500'));
    expect(read({ extensions: [criticalExtension, harmless] }).value?.hasUnknownCriticalExtension).toBe(true);
    expect(read({ extensions: [harmless] }).value?.hasUnknownCriticalExtension).toBe(false);
    const answers = [[harmless], [harmless, criticalExtension]].map((extensions) =>
      answerAbout(leaf, root, { extensions }),
    );
    const flags = read({ answers }).value?.responses.map((single) => single.hasUnknownCriticalExtension);
    expect(flags).toEqual([false, true]);
  });

  it('13.2 a version that is encoded although it is the default is a problem, and nothing more', () => {
    const { value, problems } = read({ version: tlv(Tag.integer, hex('00')) });
    expect(value).toBeDefined();
    expect(problems).toEqual(['its default version is encoded']);
  });

  it('13.2 a certificate that cannot be read does not affect the others', () => {
    const { value, problems } = read({ certificates: [sequence(hex('0500')), root.der] });
    expect(value?.certificates.map(({ der }) => der)).toEqual([root.der]);
    expect(problems).toEqual(['a certificate of the responder cannot be read']);
  });

  it('13.2 no answers at all', () => {
    expect(read({ answers: [] }).value?.responses).toEqual([]);
  });
});

describe('13.2 a responder that gives no answer', () => {
  it.each([
    [1, 'malformedRequest'],
    [2, 'internalError'],
    [3, 'tryLater'],
    [5, 'sigRequired'],
    [6, 'unauthorized'],
  ])('13.2 status %i is %s', (status, refusal) => {
    const expected = { value: undefined, problems: [refusal], refusal };
    expect(readOcspResponse(responseDer(status))).toEqual(expected);
    // Whatever comes with it is not looked at.
    expect(readOcspResponse(responseDer(status, basicResponse(root, { answers: [answer] })))).toEqual(expected);
  });

  it.each([4, 7, 99, 255])('13.2 status %i is none', (status) => {
    const problems = ['the response status is not known'];
    expect(readOcspResponse(responseDer(status))).toEqual({ value: undefined, problems, refusal: undefined });
  });
});

const filled = (octets: number) => read({ extensions: [extension('1.2.3', Buffer.alloc(octets))] });

describe('12.2 bounds of an OCSP response', () => {
  it('12.2 256 answers and no more, let alone 10,000', () => {
    expect(read({ answers: Array.from({ length: 256 }, () => answer) }).value?.responses).toHaveLength(256);
    expect(read({ answers: Array.from({ length: 257 }, () => answer) }).problems).toEqual([
      'the list of responses is too long',
    ]);
    const small = sequence(
      sequence(sequence(objectIdentifier('1.3.14.3.2.26')), hex('0400'), hex('0400'), hex('020101')),
      ocspStatus.good,
      now,
    );
    expect(read({ answers: Array.from({ length: 10_000 }, () => small) }).value).toBeUndefined();
  });

  it('12.2 16 certificates and no more', () => {
    expect(read({ certificates: Array.from({ length: 16 }, () => root.der) }).value?.certificates).toHaveLength(16);
    expect(read({ certificates: Array.from({ length: 17 }, () => root.der) }).problems).toEqual([
      'the list of certificates is too long',
    ]);
  });

  it('12.2 256 KiB and no more', () => {
    expect(filled(250_000).value).toBeDefined();
    expect(filled(262_144).problems).toEqual(['the OCSP response is too large']);
    expect(readOcspResponse(Buffer.alloc(262_144, 0x30)).problems).not.toEqual(['the OCSP response is too large']);
    expect(readOcspResponse(Buffer.alloc(262_145, 0x30)).problems).toEqual(['the OCSP response is too large']);
  });
});

describe('13.2 any octets', () => {
  const der = ocspDer(root, {
    answers: [answer, answerAbout(leaf, root, { status: ocspStatus.revoked(1), extensions: [criticalExtension] })],
    certificates: [root.der],
    extensions: [criticalExtension],
  });

  it('13.2 a response with a changed octet is read or not, and nothing is thrown', () => {
    for (let index = 0; index < der.length; index += 1) {
      for (const change of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(der);
        changed.writeUInt8(changed.readUInt8(index) ^ change, index);
        const { value, problems } = readOcspResponse(changed);
        if (value === undefined) expect(problems.length).toBeGreaterThan(0);
      }
    }
  });

  it('13.2 of a response that ends early, nothing is read', () => {
    for (let end = 0; end < der.length; end += 1) {
      const { value, problems } = readOcspResponse(der.subarray(0, end));
      expect(value).toBeUndefined();
      expect(problems).toHaveLength(1);
    }
  });
});
