import { createHash } from 'node:crypto';

import { searchColumns } from '../../dist/src/certificates/search-columns.js';
import { readCertificate } from '../../dist/src/x509/certificate/read-certificate.js';
import { parseName } from '../../dist/src/x509/name/parse-name.js';

const FIRST_NAMES =
  words(`Maria Anna Peter Hans Daniel Thomas Jane Laura Marco Sandra Claudia Christian Sophie Lukas Nina
  Martin Andrea Michael Nicole Stefan Elena Patrick Barbara Urs Monika Reto Simon Eva Jan Luca Chloé Zoë Beat Franziska
  Giuseppe Aleksandra Dragan Ngozi Yuki Siobhán Björn Ayşe Xavier Quentin Wolfgang Hildegard Thaddäus Euphemia`);
const FAMILY_NAMES =
  words(`Müller Meier Schmid Keller Weber Huber Schneider Meyer Steiner Fischer Gerber Brunner Baumann
  Frei Zimmermann Moser Widmer Wyss Graf Roth Baumgartner Suter Bachmann Kunz Bühler Hofer Lüthi Fuchs Berger Koch Lehmann
  Favre Rochat Bernasconi Rossi Bianchi Ferrari Nguyen Kovačević Petrović Okonkwo Tanaka O'Brien Świątek Yıldız Doe Smith
  Blanchard Dubois Vonlanthen Zgraggen Abächerli Quiblier Xhemajli`);
const UNITS = words('Sales Finance Operations Legal Research Support Logistics Engineering');

/** A person by number, always the same one; a few names are common and most are rare, as among people. */
export function personOf(number) {
  const digest = createHash('md5').update(String(number)).digest();
  const firstName = oneOf(FIRST_NAMES, digest.readUInt32BE(0));
  const familyName = oneOf(FAMILY_NAMES, digest.readUInt32BE(4));
  const unit = UNITS[digest[8] % UNITS.length];
  const login = `${asciiOf(firstName)}.${asciiOf(familyName)}${number}`;
  return {
    firstName,
    familyName,
    login,
    email: `${login}@acme.example`,
    subjectDN: `CN=${firstName} ${familyName} ${number},OU=${unit},O=Acme AG,C=CH`,
  };
}

/** The search columns that the server would write for the certificate of a person. */
export function searchedAs({ subjectDN, email }, certificate, number) {
  const relativeDistinguishedNames = parseName(subjectDN);
  const { serial, issuer, sha256, publicKey, signatureAlgorithm, keyUsage, extendedKeyUsage, authorityKeyIdentifier } =
    certificate;
  return searchColumns({
    serial,
    issuer,
    sha256,
    publicKey,
    signatureAlgorithm,
    keyUsage,
    extendedKeyUsage,
    authorityKeyIdentifier,
    subject: { relativeDistinguishedNames },
    subjectAlternativeNames: [{ type: 'email', value: email }],
    publicKeySha256: createHash('sha256').update(String(number)).digest(),
  });
}

const BATCH = 5_000;

const DESCRIBE_USERS = `update users u set login_id = p.login, login_id_folded = p.login, first_name = p.first,
    family_name = p.family, email = p.email, email_folded = p.email, family_name_folded = lower(p.family),
    search_text = concat_ws(E'\\n', lower(p.first || ' ' || p.family), p.login, p.email, u.ext_id)
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as p (id, login, first, family, email)
  where u.client_ext_id = '100' and u.ext_id = p.id`;

/** Gives the users of `fill` the names of people. */
export async function nameUsers(client, users) {
  for (let first = 0; first < users; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, users - first) }, (_, index) => first + index);
    const people = numbers.map(personOf);
    const columns = ['login', 'firstName', 'familyName', 'email'].map((name) => people.map((person) => person[name]));
    await client.query(DESCRIBE_USERS, [numbers.map((number) => `u${number}`), ...columns]);
  }
}

const INSERT = `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state,
    state_set_by, reason, comment, successes, failures, failures_since_lock, version, created, last_modified, der, sha256,
    sha1, subject_dn, issuer_dn, serial, ski, not_before, not_after, valid_from, valid_to, key_type, public_key_sha256,
    signature_algorithm, subject_alternative_names, key_usage, extended_key_usage, authority_key_identifier,
    described_sha256, subject_name_sha256, issuer_name_sha256, searched_text)
  select '100', 'c' || n, gen_random_uuid(), 'u' || n % $2, 'default', 'Certificate', 'active', 'administrator',
    'cert-uploaded', null, 0, 0, 0, 1, timestamptz '2026-01-01' + n * interval '1 millisecond', now(), der, sha256, sha1,
    subject_dn, issuer_dn, serial, ski, not_before, not_after, not_before, not_after, key_type, public_key_sha256,
    signature_algorithm, array[name], array['digitalSignature'], array['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4'], aki,
    sha256, subject_name_sha256, issuer_name_sha256, searched_text
  from unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::timestamptz[],
    $11::timestamptz[], $12::text[], $13::bytea[], $14::text[], $15::text[], $16::bytea[], $17::bytea[], $18::bytea[],
    $19::text[]) with ordinality as c (der, sha256, sha1, subject_dn, issuer_dn, serial, ski, not_before, not_after,
    key_type, public_key_sha256, signature_algorithm, name, aki, subject_name_sha256, issuer_name_sha256, searched_text,
    position),
    lateral (select $1::integer + position - 1) as numbered (n)`;

const COLUMNS = [
  'der',
  'sha256',
  'sha1',
  'subjectDn',
  'issuerDn',
  'serial',
  'ski',
  'notBefore',
  'notAfter',
  'keyType',
  'publicKeySha256',
  'signatureAlgorithm',
  'name',
  'authorityKeyIdentifier',
  'subjectNameSha256',
  'issuerNameSha256',
  'searchedText',
];

/** Certificates `c0` and so on of the users in turn, each with the name of its user. */
export async function insertCertificatesOfPeople(client, mint, certificateColumns, { users, certificates }) {
  for (let first = 0; first < certificates; first += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, certificates - first) }, (_, index) => {
      const number = first + index;
      const { certificate } = readCertificate(mint.der(number));
      const person = personOf(number % users);
      const searched = searchedAs(person, certificate, number);
      return {
        ...certificateColumns(certificate),
        ...searched,
        subjectDn: person.subjectDN,
        name: searched.subjectAlternativeNames[0],
        notBefore: certificate.notBefore,
        notAfter: certificate.notAfter,
      };
    });
    await client.query(INSERT, [first, users, ...COLUMNS.map((name) => rows.map((row) => row[name]))]);
    if (first % 100_000 === 0) console.log(`  ${first} …`);
  }
}

function words(text) {
  return text.split(/\s+/);
}

/** The first ones are the most frequent. */
function oneOf(list, random) {
  return list[Math.floor(list.length * (random / 2 ** 32) ** 2)];
}

function asciiOf(text) {
  return text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}
