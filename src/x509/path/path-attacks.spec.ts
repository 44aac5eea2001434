import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it, test } from 'vitest';

import { extension, sequence, tlv } from '../../../test/support/der.js';
import {
  authority,
  type AuthorityRequest,
  CLIENT_AUTH,
  ecKeys,
  endEntity,
  extensions,
  type Issued,
  SERVER_AUTH,
  signCertificate,
} from '../../../test/support/signed-certificate.js';
import { findPath } from './find-path.js';
import { productionParameters } from './path-parameters.js';
import { prepareAnchors } from './prepared-anchors.js';

const production = productionParameters(new Date('2026-06-01T00:00:00Z'));

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

function run(leaf: Issued, anchors: readonly Issued[], intermediates: readonly Issued[] = []) {
  return findPath(leaf.certificate, prepareAnchors(certificates(anchors), certificates(intermediates)), production);
}

function verdict(leaf: Issued, anchors: readonly Issued[], intermediates: readonly Issued[] = []): string {
  const result = run(leaf, anchors, intermediates);
  return result.proven ? 'proven' : result.reason;
}

const root = authority('Company CA');
const uris = (...addresses: readonly string[]) =>
  extension('2.5.29.17', sequence(...addresses.map((address) => tlv(0x86, Buffer.from(address)))));
const onlyUrisOf = (host: string) =>
  extension('2.5.29.30', sequence(tlv(0xa0, sequence(tlv(0x86, Buffer.from(host))))), true);

describe('attacks that succeeded elsewhere', () => {
  it('CVE-2025-6037: a trusted certificate that is no CA lets nobody else in', () => {
    const user = signCertificate({ subject: 'Jane Doe', extensions: [extensions.extendedKeyUsage(CLIENT_AUTH)] });
    const minted = endEntity(user, { subject: 'Administrator' });
    expect(verdict(minted, [user])).toBe('notCa');
    expect(verdict(user, [user])).toBe('notCa');
  });

  it('CVE-2023-2422: a certificate that is presented besides the leaf decides nothing', () => {
    const stranger = authority('Stranger CA');
    const forged = endEntity(stranger, { subject: 'Administrator' });
    const genuine = endEntity(root, { subject: 'Administrator' });
    expect(verdict(forged, [root], [genuine, stranger])).toBe('issuerNotFound');
    const result = run(genuine, [root], [forged, stranger]);
    expect(result).toMatchObject({ proven: true, path: [genuine.certificate, root.certificate] });
  });

  it('a home-made CA with the right name is not the CA', () => {
    const homeMade = authority('Company CA');
    expect(verdict(endEntity(homeMade), [root])).toBe('badSignature');
    expect(verdict(endEntity(homeMade), [root], [homeMade])).toBe('badSignature');
  });

  it('a user’s certificate issues no others', () => {
    const user = endEntity(root);
    expect(verdict(endEntity(user), [root], [user])).toBe('notCa');
  });

  it('a constrained CA cannot issue any name', () => {
    const constrained = authority('Branch CA', {
      issuer: root,
      and: [extensions.nameConstraints(['branch.example.com'])],
    });
    const inside = endEntity(constrained, { and: [extensions.dnsNames('pc.branch.example.com')] });
    expect(verdict(inside, [root], [constrained])).toBe('proven');
    const outside = endEntity(constrained, { and: [extensions.dnsNames('www.example.com')] });
    expect(verdict(outside, [root], [constrained])).toBe('nameConstraints');
    const below = authority('Further CA', { issuer: constrained });
    const further = endEntity(below, { and: [extensions.dnsNames('www.example.com')] });
    expect(verdict(further, [root], [constrained, below])).toBe('nameConstraints');
  });

  it('a CA that may not create CAs cannot create one', () => {
    const last = authority('Last CA', { issuer: root, pathLength: 0 });
    const further = authority('Further CA', { issuer: last });
    expect(verdict(endEntity(further), [root], [last, further])).toBe('pathLength');
  });

  it('a server’s certificate does not log in', () => {
    const server = endEntity(root, { extensions: [extensions.extendedKeyUsage(SERVER_AUTH)] });
    expect(verdict(server, [root])).toBe('extendedKeyUsage');
    const serverCa = authority('Server CA', { issuer: root, and: [extensions.extendedKeyUsage(SERVER_AUTH)] });
    expect(verdict(endEntity(serverCa), [root], [serverCa])).toBe('extendedKeyUsage');
  });

  test.each(['http://[fe80::1%25.example.com]/', 'http://[::1]/', 'http://127.0.0.1/', 'urn:example.com'])(
    'CVE-2024-45341: the URI %s has no host that a constraint could permit',
    (address) => {
      const constrained = authority('CA', { issuer: root, and: [onlyUrisOf('.example.com')] });
      expect(verdict(endEntity(constrained, { and: [uris('http://a.example.com/')] }), [root], [constrained])).toBe(
        'proven',
      );
      expect(verdict(endEntity(constrained, { and: [uris(address)] }), [root], [constrained])).toBe('nameConstraints');
    },
  );

  it('CVE-2024-28835: a very long chain ends by the budget', () => {
    const keys = ecKeys();
    const names = Array.from({ length: 1000 }, (_, index) => `CA ${index}`);
    let issuer = root;
    const chain = names.map((name) => (issuer = authority(name, { issuer, keys })));
    expect(verdict(endEntity(issuer), [root], chain)).toBe('budget');
  });

  it('CVE-2024-28835: nor does a long chain of self-issued certificates, which is not counted', () => {
    const chain = [authority('Company CA', { issuer: root })];
    while (chain.length < 300) chain.push(authority('Company CA', { issuer: chain.at(-1) ?? root }));
    const result = run(endEntity(chain.at(-1) ?? root), [root], chain);
    expect(result).toMatchObject({ proven: false, reason: 'budget' });
    expect(result.cost.signatureChecks).toBeLessThanOrEqual(256);
  });

  it('CVE-2024-29857: a key with a curve of its own is not imported', () => {
    const explicit: AuthorityRequest = {
      keys: generateKeyPairSync('ec', { namedCurve: 'P-521', paramEncoding: 'explicit' }),
    };
    const ca = authority('CA', { issuer: root, ...explicit });
    const result = run(endEntity(ca), [root], [ca]);
    expect(result).toMatchObject({ proven: false, reason: 'weakAlgorithm', cost: { signatureChecks: 0 } });
  });

  it('two people whose names differ in case only are told apart by the signature', () => {
    const imitation = authority('COMPANY CA');
    expect(verdict(endEntity(imitation), [root])).toBe('badSignature');
    expect(verdict(endEntity(imitation), [root, imitation])).toBe('proven');
  });
});

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index}.test`);

describe('bad input', () => {
  it('an expired anchor anchors nothing', () => {
    const expired = authority('Expired CA', { notAfter: '250101000000Z' });
    expect(verdict(endEntity(expired), [expired])).toBe('expired');
  });

  it('a self-signed user’s certificate is not its own anchor', () => {
    const user = signCertificate({ subject: 'Jane Doe', extensions: [extensions.keyUsage('digitalSignature')] });
    expect(verdict(user, [user])).toBe('notCa');
  });

  it('an intermediate that is an anchor too needs its own path as a leaf', () => {
    const intermediate = authority('Intermediate', { issuer: root, and: [] });
    const parameters = { ...production, leafKeyUsage: [] };
    const set = prepareAnchors([intermediate.certificate], []);
    expect(findPath(intermediate.certificate, set, parameters)).toMatchObject({ reason: 'issuerNotFound' });
    const withRoot = prepareAnchors([intermediate.certificate, root.certificate], []);
    expect(findPath(intermediate.certificate, withRoot, parameters)).toMatchObject({ proven: true });
  });

  it('a self-signed CA that is an anchor is proven by its own key, as RFC 5280 section 6.1.1 (d) has it', () => {
    const parameters = { ...production, leafKeyUsage: [] };
    const result = findPath(root.certificate, prepareAnchors([root.certificate], []), parameters);
    expect(result).toMatchObject({ proven: true, path: [root.certificate, root.certificate] });
  });

  it('2,048 constraints against 4,096 names end by the budget', () => {
    const constrained = authority('CA', { issuer: root, and: [extensions.nameConstraints([], numbered('x', 2048))] });
    const leaf = endEntity(constrained, { and: [extensions.dnsNames(...numbered('t', 4096))] });
    const result = run(leaf, [root], [constrained]);
    expect(result).toMatchObject({ proven: false, reason: 'budget', cost: { nameComparisons: 250_000 } });
  });

  it('an empty set proves nothing', () => {
    expect(verdict(endEntity(root), [])).toBe('issuerNotFound');
  });
});
