import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import { CLIENT_AUTH, SERVER_AUTH } from '../support/signed-certificate.js';
import { directoryName } from './certificate-flaws.js';
import {
  type CertificatePlan,
  extensionOf,
  keyIdentifier,
  Oid,
  POOL,
  removeExtension,
  setExtension,
} from './certificate-plan.js';
import { basicConstraintsValue, keyUsageValue } from './chain-plan.js';
import { type Flaw, flawIn, flawsIn, type Place } from './flaw.js';

const EVERYWHERE: readonly Place[] = ['leaf', 'intermediate', 'anchor'];
const ISSUERS: readonly Place[] = ['intermediate', 'anchor'];
const ANY_PURPOSE = '2.5.29.37.0';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const UNKNOWN = '1.3.6.1.4.1.55738.666.1';

const purposes = (...oids: readonly string[]) => sequence(...oids.map(objectIdentifier));

/** [name, places, extension, value, critical] */
const VALUES: readonly (readonly [string, readonly Place[], string, Buffer, boolean])[] = [
  ['no CA', ISSUERS, Oid.basicConstraints, basicConstraintsValue(false), true],
  ['basicConstraints not critical', ISSUERS, Oid.basicConstraints, basicConstraintsValue(true), false],
  ['basicConstraints with an encoded default', ISSUERS, Oid.basicConstraints, sequence(hex('010100')), true],
  ['BOOLEAN of 01', ISSUERS, Oid.basicConstraints, sequence(hex('010101')), true],
  [
    'basicConstraints with data behind',
    ISSUERS,
    Oid.basicConstraints,
    Buffer.concat([basicConstraintsValue(true), hex('0500')]),
    true,
  ],
  ['basicConstraints of another type', ISSUERS, Oid.basicConstraints, hex('0101ff'), true],
  ['path length 0', ISSUERS, Oid.basicConstraints, basicConstraintsValue(true, hex('00')), true],
  ['path length 1', ISSUERS, Oid.basicConstraints, basicConstraintsValue(true, hex('01')), true],
  ['negative path length', ISSUERS, Oid.basicConstraints, basicConstraintsValue(true, hex('ff')), true],
  [
    'path length of 9 octets',
    ISSUERS,
    Oid.basicConstraints,
    basicConstraintsValue(true, hex('010000000000000000')),
    true,
  ],
  ['path length without CA', ISSUERS, Oid.basicConstraints, basicConstraintsValue(false, hex('00')), true],
  ['CA', ['leaf'], Oid.basicConstraints, basicConstraintsValue(true), true],
  ['path length without CA', ['leaf'], Oid.basicConstraints, basicConstraintsValue(false, hex('00')), true],
  ['basicConstraints that cannot be read', ['leaf'], Oid.basicConstraints, hex('0500'), false],
  ['no keyCertSign', ISSUERS, Oid.keyUsage, keyUsageValue(0b0000_0010, 1), true],
  ['no keyCertSign, not critical', ISSUERS, Oid.keyUsage, keyUsageValue(0b0000_0010, 1), false],
  ['no digitalSignature', ['leaf'], Oid.keyUsage, keyUsageValue(0b0010_0000, 5), true],
  ['only nonRepudiation', ['leaf'], Oid.keyUsage, keyUsageValue(0b0100_0000, 6), true],
  ['only keyAgreement', ['leaf'], Oid.keyUsage, keyUsageValue(0b0000_1000, 3), true],
  ['keyCertSign too', ['leaf'], Oid.keyUsage, keyUsageValue(0b1000_0100, 2), true],
  ['no usage', EVERYWHERE, Oid.keyUsage, hex('030100'), true],
  ['zero usage', EVERYWHERE, Oid.keyUsage, hex('03020700'), true],
  ['keyUsage that cannot be read', EVERYWHERE, Oid.keyUsage, hex('0500'), true],
  ['keyUsage with set unused bits', EVERYWHERE, Oid.keyUsage, hex('030203ff'), true],
  ['purpose serverAuth', EVERYWHERE, Oid.extendedKeyUsage, purposes(SERVER_AUTH), false],
  ['purpose codeSigning, critical', EVERYWHERE, Oid.extendedKeyUsage, purposes(CODE_SIGNING), true],
  ['any purpose', EVERYWHERE, Oid.extendedKeyUsage, purposes(ANY_PURPOSE), false],
  ['any purpose and serverAuth', EVERYWHERE, Oid.extendedKeyUsage, purposes(SERVER_AUTH, ANY_PURPOSE), false],
  ['purpose clientAuth', ISSUERS, Oid.extendedKeyUsage, purposes(CLIENT_AUTH), false],
  ['purpose clientAuth, critical', EVERYWHERE, Oid.extendedKeyUsage, purposes(CLIENT_AUTH), true],
  ['no purposes', EVERYWHERE, Oid.extendedKeyUsage, purposes(), false],
  ['extKeyUsage that cannot be read', EVERYWHERE, Oid.extendedKeyUsage, hex('0500'), false],
  ['another issuer key', ['leaf', ...ISSUERS], Oid.authorityKeyIdentifier, sequence(tlv(0x80, hex('0badf00d'))), false],
  ['issuer key critical', EVERYWHERE, Oid.authorityKeyIdentifier, sequence(), true],
  ['empty authorityKeyIdentifier', EVERYWHERE, Oid.authorityKeyIdentifier, sequence(), false],
  ['authorityKeyIdentifier that cannot be read', EVERYWHERE, Oid.authorityKeyIdentifier, hex('0500'), false],
  ['issuer of the issuer', ['leaf', 'intermediate'], Oid.authorityKeyIdentifier, issuerAndSerial('01'), false],
  ['another subjectKeyIdentifier', ISSUERS, Oid.subjectKeyIdentifier, tlv(Tag.octetString, hex('0badf00d')), false],
  ['subjectKeyIdentifier that cannot be read', EVERYWHERE, Oid.subjectKeyIdentifier, hex('0500'), false],
  ['unknown critical extension', EVERYWHERE, UNKNOWN, hex('0500'), true],
  ['unknown extension', EVERYWHERE, UNKNOWN, hex('0500'), false],
  ['critical distribution points', ['leaf', ...ISSUERS], '2.5.29.31', distributionPoint(), true],
  ['critical access to authority information', EVERYWHERE, '1.3.6.1.5.5.7.1.1', authorityAccess(), true],
];

function issuerAndSerial(serialNumber: string): Buffer {
  return sequence(tlv(0xa1, directoryName([['2.5.4.3', Tag.utf8String, 'Nobody']])), tlv(0x82, hex(serialNumber)));
}

function distributionPoint(): Buffer {
  return sequence(sequence(tlv(0xa0, tlv(0xa0, tlv(0x86, Buffer.from('http://crl.example.com/'))))));
}

function authorityAccess(): Buffer {
  return sequence(sequence(objectIdentifier('1.3.6.1.5.5.7.48.1'), tlv(0x86, Buffer.from('http://ocsp.example.com/'))));
}

/** [name, places, extension] */
const ABSENT: readonly (readonly [string, readonly Place[], string])[] = [
  ['no basicConstraints', ISSUERS, Oid.basicConstraints],
  ['no keyUsage', EVERYWHERE, Oid.keyUsage],
  ['no extKeyUsage', ['leaf'], Oid.extendedKeyUsage],
  ['no authorityKeyIdentifier', EVERYWHERE, Oid.authorityKeyIdentifier],
  ['no subjectKeyIdentifier', ISSUERS, Oid.subjectKeyIdentifier],
  ['no subjectAltName', ['leaf'], Oid.subjectAltName],
  ['no certificatePolicies', EVERYWHERE, Oid.certificatePolicies],
];

const REPEATED = [
  ['two basicConstraints', ISSUERS, Oid.basicConstraints],
  ['two keyUsage', EVERYWHERE, Oid.keyUsage],
  ['two extKeyUsage', ['leaf'], Oid.extendedKeyUsage],
  ['two subjectAltName', ['leaf'], Oid.subjectAltName],
  ['two certificatePolicies', EVERYWHERE, Oid.certificatePolicies],
  ['two authorityKeyIdentifier', EVERYWHERE, Oid.authorityKeyIdentifier],
] as const;

function repeat(plan: CertificatePlan, oid: string): void {
  const extension = extensionOf(plan, oid);
  if (extension !== undefined) plan.extensions?.push(extension);
}

export const EXTENSION_FLAWS: readonly Flaw[] = [
  ...VALUES.flatMap(([name, places, oid, value, critical]) =>
    flawsIn(places, name, (plan) => setExtension(plan, oid, value, critical)),
  ),
  ...ABSENT.flatMap(([name, places, oid]) => flawsIn(places, name, (plan) => removeExtension(plan, oid))),
  ...REPEATED.flatMap(([name, places, oid]) => flawsIn(places, name, (plan) => repeat(plan, oid))),
  ...flawsIn(EVERYWHERE, 'two unknown extensions', (plan) => {
    plan.extensions?.push(
      { oid: UNKNOWN, critical: false, value: hex('0500') },
      { oid: UNKNOWN, critical: false, value: hex('0500') },
    );
  }),
  flawIn('leaf', 'critical subjectAltName', (plan) => {
    const names = extensionOf(plan, Oid.subjectAltName);
    if (names !== undefined) setExtension(plan, Oid.subjectAltName, names.value, true);
  }),
  flawIn('leaf', 'identifier of another key', (plan) => {
    const [, , keys = plan.keys] = POOL;
    setExtension(plan, Oid.subjectKeyIdentifier, tlv(Tag.octetString, keyIdentifier(keys)));
  }),
];
