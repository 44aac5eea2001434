import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import { directoryName } from './certificate-flaws.js';
import { encodeName, type NamePlan, Oid, setExtension } from './certificate-plan.js';
import { type ChainPlan, dns, ip, mail, uri } from './chain-plan.js';
import { type Flaw, flawIn, leafOf, type Place } from './flaw.js';

const EMAIL = '1.2.840.113549.1.9.1';
const O = '2.5.4.10';
const CN = '2.5.4.3';

const organization = (text: string, tag: number = Tag.utf8String) => directoryName([[O, tag, text]]);
const otherName = (type: string, text: string) =>
  tlv(0xa0, objectIdentifier(type), tlv(0xa0, tlv(Tag.utf8String, Buffer.from(text))));
const smtpUtf8 = (text: string) => otherName('1.3.6.1.5.5.7.8.9', text);
const principalName = otherName('1.3.6.1.4.1.311.20.2.3', 'jane@example.com');
const registered = tlv(0x88, hex('2a03'));

type Base = (chain: ChainPlan) => Buffer;
const fixed =
  (base: Buffer): Base =>
  () =>
    base;

/** The organization is the first RDN of every name of the chain. */
const ownOrganization =
  (change: (text: string) => string = String, tag?: number): Base =>
  (chain) =>
    organization(change(`Chain ${chain.name}`), tag);

/** [name, base, names of the leaf instead of its own] */
const BASES: readonly (readonly [string, Base, (readonly Buffer[])?])[] = [
  ['dns around it', fixed(dns('example.com'))],
  ['dns in capitals around it', fixed(dns('EXAMPLE.com'))],
  ['dns equal', fixed(dns('pc.branch.example.com'))],
  ['dns elsewhere', fixed(dns('example.org'))],
  ['dns of similar letters', fixed(dns('ranch.example.com'))],
  ['dns with a leading dot', fixed(dns('.example.com'))],
  ['dns empty', fixed(dns(''))],
  ['dns with a trailing dot', fixed(dns('example.com.'))],
  ['dns with a wildcard', fixed(dns('*.example.com'))],
  ['dns and a wildcard below', fixed(dns('example.com')), [dns('*.branch.example.com')]],
  ['dns and a wildcard of its parent', fixed(dns('pc.branch.example.com')), [dns('*.branch.example.com')]],
  ['dns and a partial wildcard', fixed(dns('example.com')), [dns('p*.example.com')]],
  ['dns and a trailing dot', fixed(dns('example.com')), [dns('pc.example.com.')]],
  ['dns and an underscore', fixed(dns('example.com')), [dns('my_pc.example.com')]],
  ['dns and an empty label', fixed(dns('example.com')), [dns('pc..example.com')]],
  ['dns and an empty name', fixed(dns('example.com')), [dns('')]],
  ['dns and Latin-1', fixed(dns('example.com')), [dns('b\u00fccher.example.com')]],
  ['dns and no DNS name', fixed(dns('example.org')), [mail('jane@mail.example.com')]],
  ['mail host', fixed(mail('mail.example.com'))],
  ['mail domain', fixed(mail('.example.com'))],
  ['mail host around it', fixed(mail('example.com'))],
  ['mailbox', fixed(mail('jane@mail.example.com'))],
  ['mailbox in capitals', fixed(mail('JANE@mail.example.com'))],
  ['mail host in capitals', fixed(mail('MAIL.example.com'))],
  ['mail elsewhere', fixed(mail('example.org'))],
  ['mail empty', fixed(mail(''))],
  ['mail and an address without host', fixed(mail('mail.example.com')), [mail('jane')]],
  ['mail and a quoted address', fixed(mail('jane@mail.example.com')), [mail('"jane"@mail.example.com')]],
  ['mail and two at signs', fixed(mail('mail.example.com')), [mail('jane@example.org@mail.example.com')]],
  ['mail and SmtpUTF8Mailbox inside', fixed(mail('mail.example.com')), [smtpUtf8('jäne@mail.example.com')]],
  ['mail and SmtpUTF8Mailbox outside', fixed(mail('example.org')), [smtpUtf8('jäne@mail.example.com')]],
  ['uri host', fixed(uri('www.example.com'))],
  ['uri domain', fixed(uri('.example.com'))],
  ['uri host around it', fixed(uri('example.com'))],
  ['uri elsewhere', fixed(uri('example.org'))],
  ['uri whole', fixed(uri('https://www.example.com/'))],
  ['uri and an address', fixed(uri('.example.com')), [uri('https://127.0.0.1/')]],
  ['uri and a zone', fixed(uri('.example.com')), [uri('https://[fe80::1%25.example.com]/')]],
  ['uri and no authority', fixed(uri('.example.com')), [uri('urn:example.com')]],
  ['uri and user information', fixed(uri('.example.com')), [uri('https://www.example.com@example.org/')]],
  ['uri and a port', fixed(uri('.example.com')), [uri('https://www.example.com:8443/')]],
  ['uri and capitals', fixed(uri('.example.com')), [uri('HTTPS://WWW.EXAMPLE.COM/')]],
  ['ip around it', fixed(ip('0a000000ff000000'))],
  ['ip elsewhere', fixed(ip('c0a80000ffff0000'))],
  ['ip with a gap in the mask', fixed(ip('0a000003ff0000ff'))],
  ['ip of six octets', fixed(ip('0a00ff000000'))],
  ['ip of IPv6', fixed(ip('20010db8000000000000000000000000ffffffff000000000000000000000000'))],
  ['ip and the same in IPv6', fixed(ip('0a000000ff000000')), [ip('00000000000000000000ffff0a010203')]],
  ['directory around it', ownOrganization()],
  ['directory in capitals', ownOrganization((text) => text.toUpperCase())],
  ['directory with more spaces', ownOrganization((text) => ` ${text}`)],
  ['directory as PrintableString', ownOrganization(String, Tag.printableString)],
  ['directory elsewhere', fixed(organization('Nobody'))],
  ['directory empty', fixed(directoryName([]))],
  ['directory malformed', fixed(tlv(0xa4, hex('0500')))],
  ['directory and an alternative name', ownOrganization(), [organization('Nobody')]],
  ['registeredID', fixed(registered)],
  ['registeredID and one', fixed(registered), [registered]],
  ['otherName', fixed(principalName)],
  ['otherName and one', fixed(principalName), [principalName]],
];

const base = (name: Buffer) => sequence(name);
const permittedList = (...subtrees: readonly Buffer[]) => sequence(tlv(0xa0, ...subtrees));

/** [name, the whole value] */
const VALUES: readonly (readonly [string, Buffer])[] = [
  ['empty constraints', sequence()],
  ['empty list of permitted subtrees', permittedList()],
  ['minimum 0 encoded', permittedList(sequence(dns('example.com'), tlv(0x80, hex('00'))))],
  ['minimum 1', permittedList(sequence(dns('example.com'), tlv(0x80, hex('01'))))],
  ['maximum', permittedList(sequence(dns('example.com'), tlv(0x81, hex('05'))))],
  ['constraints that cannot be read', hex('0500')],
  ['constraints with data behind', Buffer.concat([permittedList(base(dns('example.com'))), hex('0500')])],
  ['two permitted subtrees', permittedList(base(dns('example.org')), base(dns('example.com')))],
];

const constraintFlaw =
  (place: Place, kind: 'permitted' | 'excluded') =>
  (row: (typeof BASES)[number]): Flaw => {
    const [name, make, names] = row;
    return flawIn(place, `${kind} ${name}`, (plan, chain) => {
      const subtrees = tlv(kind === 'permitted' ? 0xa0 : 0xa1, base(make(chain)));
      setExtension(plan, Oid.nameConstraints, sequence(subtrees), true);
      if (names !== undefined) setExtension(leafOf(chain), Oid.subjectAltName, sequence(...names));
    });
  };

const withSubject = (chain: ChainPlan, ...more: NamePlan): void => {
  const leaf = leafOf(chain);
  leaf.subject = [...leaf.subject, ...more];
};

/** [name, base, change of the leaf] */
const SUBJECTS: readonly (readonly [string, Buffer, (chain: ChainPlan) => void])[] = [
  [
    'mail and an address in the subject',
    mail('mail.example.com'),
    (chain) => withSubject(chain, [EMAIL, Tag.ia5String, 'jane@example.org']),
  ],
  [
    'mail and an address in the subject only',
    mail('mail.example.com'),
    (chain) => {
      withSubject(chain, [EMAIL, Tag.ia5String, 'jane@example.org']);
      setExtension(leafOf(chain), Oid.subjectAltName, sequence(dns('example.com')));
    },
  ],
  [
    'dns and a host as common name only',
    dns('example.org'),
    (chain) => {
      withSubject(chain, [CN, Tag.utf8String, 'www.example.com']);
      setExtension(leafOf(chain), Oid.subjectAltName, sequence(mail('jane@mail.example.com')));
    },
  ],
];

export const NAME_FLAWS: readonly Flaw[] = [
  ...BASES.map(constraintFlaw('issuer', 'permitted')),
  ...BASES.map(constraintFlaw('issuer', 'excluded')),
  ...VALUES.map(([name, value]) =>
    flawIn('issuer', name, (plan) => setExtension(plan, Oid.nameConstraints, value, true)),
  ),
  ...SUBJECTS.map(([name, subtree, change]) =>
    flawIn('issuer', `permitted ${name}`, (plan, chain) => {
      setExtension(plan, Oid.nameConstraints, permittedList(base(subtree)), true);
      change(chain);
    }),
  ),
  flawIn('issuer', 'constraints not critical', (plan) =>
    setExtension(plan, Oid.nameConstraints, permittedList(base(dns('example.org')))),
  ),
  flawIn('leaf', 'constraints', (plan) =>
    setExtension(plan, Oid.nameConstraints, permittedList(base(dns('example.org'))), true),
  ),
  flawIn('leaf', 'no alternative names in the list', (plan) => setExtension(plan, Oid.subjectAltName, sequence())),
  flawIn('leaf', 'alternative names that cannot be read', (plan) =>
    setExtension(plan, Oid.subjectAltName, hex('0500')),
  ),
  flawIn('leaf', 'alternative name of an unknown kind', (plan) =>
    setExtension(plan, Oid.subjectAltName, sequence(tlv(0x8b, hex('00')))),
  ),
  flawIn('leaf', 'IP address of five octets', (plan) =>
    setExtension(plan, Oid.subjectAltName, sequence(ip('0a01020304'))),
  ),
  flawIn('leaf', 'URI without a scheme', (plan) => setExtension(plan, Oid.subjectAltName, sequence(uri('//')))),
  flawIn('leaf', 'directory name that cannot be read', (plan) =>
    setExtension(plan, Oid.subjectAltName, sequence(tlv(0xa4, encodeName([[O, Tag.utf8String, hex('c3')]])))),
  ),
];
