import { generateKeyPairSync } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import { distinguishedName, extension, hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import {
  directory,
  dns,
  ip,
  mail,
  organization,
  other,
  registered,
  smtpUtf8,
  uri,
  utf8,
} from '../support/name-constraints.js';
import {
  certificateBag,
  dataContent,
  encryptedContent,
  keyBag,
  macOf,
  nestedBag,
  passwordBased,
  pbes2,
  pfxOf,
  shroudedKeyBag,
} from '../support/pkcs12.js';
import { authority, ecKeys, endEntity, extensions, type Issued, type Keys } from '../support/signed-certificate.js';
import { crlDer, crlExtensions, revoked, uri as pointUri } from '../support/signed-crl.js';
import { answerAbout, ocspDer, ocspResponder, ocspStatus, responderIds, responseDer } from '../support/signed-ocsp.js';

export interface Seeds {
  readonly roots: readonly Issued[];
  readonly intermediates: readonly Issued[];
  readonly leaves: readonly Issued[];
  readonly pkcs12: readonly Buffer[];
  /** CRLs and OCSP responses. */
  readonly revocation: readonly Buffer[];
}

const ANY_POLICY = '2.5.29.32.0';
const A = '1.3.6.1.4.1.99999.1';
const B = '1.3.6.1.4.1.99999.2';
const C = '1.3.6.1.4.1.99999.3';

const integer = (octets: string) => tlv(Tag.integer, hex(octets));
const mapping = (from: string, to: string) => sequence(objectIdentifier(from), objectIdentifier(to));
const base = (name: Buffer) => sequence(name);
const NAMES = [
  dns('www.example.com'),
  mail('jane@example.com'),
  uri('https://www.example.com/path'),
  ip('0a000001'),
  ip('20010db8000000000000000000000001'),
  directory(organization('Test AG')),
  registered,
  smtpUtf8('jäne@example.com'),
  other('1.3.6.1.4.1.311.20.2.3', utf8('jane@example.com')),
  tlv(0xa3, tlv(0x30)),
  tlv(0xa5, tlv(0xa1, utf8('party'))),
];

const ALTERNATIVE_NAMES = extension('2.5.29.17', sequence(...NAMES));
const CONSTRAINTS = extension(
  '2.5.29.30',
  sequence(
    tlv(0xa0, ...[dns('example.com'), mail('example.com'), uri('.example.com'), ip('0a000000ff000000')].map(base)),
    tlv(0xa1, ...[dns('secret.example.com'), mail('root@example.com'), directory(organization('Evil AG'))].map(base)),
  ),
  true,
);
const POLICIES = extensions.policies(A, B, ANY_POLICY);
const MAPPINGS = extension('2.5.29.33', sequence(mapping(A, B), mapping(B, C)), true);
const POLICY_CONSTRAINTS = extension('2.5.29.36', sequence(tlv(0x80, hex('01')), tlv(0x81, hex('02'))), true);
const INHIBIT_ANY_POLICY = extension('2.5.29.54', integer('02'), true);
const QUALIFIED_POLICIES = extension(
  '2.5.29.32',
  sequence(
    sequence(
      objectIdentifier(A),
      sequence(
        sequence(objectIdentifier('1.3.6.1.5.5.7.2.1'), tlv(Tag.ia5String, Buffer.from('https://example.com/cps'))),
        sequence(objectIdentifier('1.3.6.1.5.5.7.2.2'), sequence(utf8('A notice'))),
      ),
    ),
  ),
);
const ADDRESSES = [
  extension(
    '1.3.6.1.5.5.7.1.1',
    sequence(
      sequence(objectIdentifier('1.3.6.1.5.5.7.48.1'), uri('http://ocsp.example.com/')),
      sequence(objectIdentifier('1.3.6.1.5.5.7.48.2'), uri('http://ca.example.com/ca.cer')),
    ),
  ),
  extension('2.5.29.31', sequence(sequence(tlv(0xa0, tlv(0xa0, uri('http://crl.example.com/ca.crl')))))),
];

const LONG_SUBJECT = distinguishedName(
  [['2.5.4.6', Tag.printableString, 'CH']],
  [
    ['2.5.4.10', Tag.utf8String, 'Test AG'],
    ['2.5.4.11', Tag.teletexString, 'Unit'],
  ],
  [['2.5.4.3', Tag.bmpString, Buffer.from('\0J\0a\0n\0e')]],
  [['1.2.840.113549.1.9.1', Tag.ia5String, 'jane@example.com']],
);

const RSA_SHA256 = sequence(objectIdentifier('1.2.840.113549.1.1.11'), tlv(Tag.null));
const ED25519 = sequence(objectIdentifier('1.3.101.112'));

const rsaKeys = (): Keys => generateKeyPairSync('rsa', { modulusLength: 2048 });
const edKeys = (): Keys => generateKeyPairSync('ed25519');

/** Certificates of every kind, made anew: a network of CAs with every extension, and leaves below them. */
export function makeSeeds(): Seeds {
  const rsa = { keys: rsaKeys() };
  const root = authority('Root');
  const rsaRoot = authority('RSA Root', { ...rsa, algorithm: RSA_SHA256 });
  const edRoot = authority('Ed Root', { keys: edKeys(), algorithm: ED25519, digest: null });
  const limited = authority('Limited Root', { pathLength: 1, and: [CONSTRAINTS, POLICIES] });
  const intermediates = [
    authority('A', { issuer: root, and: [CONSTRAINTS, POLICIES, MAPPINGS] }),
    authority('B', { issuer: root, and: [POLICY_CONSTRAINTS, INHIBIT_ANY_POLICY, QUALIFIED_POLICIES, ...ADDRESSES] }),
    authority('C', { issuer: rsaRoot, algorithm: RSA_SHA256, and: [POLICIES] }),
    authority('D', { issuer: edRoot, algorithm: ED25519, digest: null, pathLength: 0 }),
    authority('E', { issuer: limited, keys: ecKeys('P-384'), and: [CONSTRAINTS] }),
  ];
  const [a, b, c, d, e] = intermediates as [Issued, Issued, Issued, Issued, Issued];
  const cross = [
    authority('A', { issuer: b, keys: a.keys }),
    authority('B', { issuer: a, keys: b.keys, and: [POLICIES] }),
    authority('A', { issuer: a, keys: a.keys, and: [POLICIES, MAPPINGS] }),
    authority('F', { issuer: b, and: [CONSTRAINTS, POLICIES, POLICY_CONSTRAINTS] }),
    authority('Root', { issuer: e, keys: root.keys }),
  ];
  const rsaSigned = { algorithm: RSA_SHA256 };
  const leaves = [
    endEntity(root),
    endEntity(a, { and: [ALTERNATIVE_NAMES, POLICIES] }),
    endEntity(a, { and: [extensions.dnsNames('www.example.com'), extensions.policies(B)] }),
    endEntity(b, { subject: LONG_SUBJECT, and: [ALTERNATIVE_NAMES, QUALIFIED_POLICIES, ...ADDRESSES] }),
    endEntity(c),
    endEntity(rsaRoot, { ...rsaSigned, ...rsa }),
    endEntity(d, { and: [extensions.unknown(false)] }),
    endEntity(e, { and: [extensions.dnsNames('a.example.com', '*.b.example.com')] }),
    endEntity(cross[3] ?? b, { and: [POLICIES, extensions.dnsNames('www.example.com')] }),
  ];
  return {
    roots: [root, rsaRoot, edRoot, limited],
    intermediates: [...intermediates, ...cross],
    leaves,
    pkcs12: makePkcs12(leaves, ecKeys()),
    revocation: makeRevocation(root, endEntity(root)),
  };
}

function makeRevocation(root: Issued, leaf: Issued): readonly Buffer[] {
  const { number, delta, issuingPoint, reason, invalidityDate, certificateIssuer } = crlExtensions;
  const point = issuingPoint({ name: pointUri('http://crl.example.com/ca.crl'), flags: [1, 4], reasons: [1, 8] });
  const entries = [revoked(leaf, reason(1), invalidityDate('20260301000000Z')), revoked(root, certificateIssuer(root))];
  const answers = [ocspStatus.good, ocspStatus.revoked(6), ocspStatus.unknown].map((status) =>
    answerAbout(leaf, root, { status, extensions: [reason(1)] }),
  );
  const responder = ocspResponder(root);
  return [
    crlDer(root, { entries: [revoked(leaf)] }),
    crlDer(root, { entries, extensions: [point, delta(1), number(2)] }),
    ocspDer(root, { answers, responderId: responderIds.byKey(root) }),
    ocspDer(responder, { answers, certificates: [responder.der, root.der], extensions: [extensions.unknown(true)] }),
    responseDer(3),
  ];
}

function makePkcs12(leaves: readonly Issued[], { privateKey }: Keys): readonly Buffer[] {
  const key = privateKey.export({ format: 'der', type: 'pkcs8' });
  const bags = leaves.slice(0, 3).map(({ der }, index) => certificateBag(der, `key ${index}`));
  const shrouded = shroudedKeyBag(passwordBased('1.2.840.113549.1.12.1.3', 1), Buffer.alloc(64));
  return [
    pfxOf([dataContent(...bags, keyBag(key, 'key 0'))]),
    pfxOf([dataContent(nestedBag(...bags, nestedBag(keyBag(key)))), dataContent(shrouded)], macOf(1)),
    pfxOf([encryptedContent(pbes2({ iterations: 1 }), Buffer.alloc(64)), dataContent(shrouded, ...bags)], macOf(1)),
  ];
}
