import { isExternalId } from '../../common/external-id.js';
import { colonHex } from '../../x509/certificate/colon-hex.js';
import { mentionsPrivateKey } from '../../x509/certificate/private-key-text.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { formatName } from '../../x509/name/format-name.js';
import { parseName } from '../../x509/name/parse-name.js';
import { readPart, readSerial } from './search-values.rules.js';

/** In characters. */
export const MAX_TEXT = 65_536;

/** What a text may be (contract 16.3). */
export const READING_KINDS = [
  'certificate',
  'fingerprintSha256',
  'fingerprintSha1',
  'publicKeySha256',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
  'serial',
  'subject',
  'issuer',
  'email',
  'extId',
  'userExtId',
  'loginReference',
  'text',
] as const;
export type ReadingKind = (typeof READING_KINDS)[number];

/** One thing that a text may be. */
export interface TextReading {
  readonly kind: ReadingKind;
  /** As it is searched; the digest of a certificate. */
  readonly value: string;
  /** The filter of F1 that finds it, and its text; undefined if nothing can be found by it. */
  readonly by: { readonly filter: string; readonly text: string } | undefined;
}

export type Recognised =
  | { readonly ok: true; readonly readings: readonly TextReading[] }
  | { readonly ok: false; readonly message: string };

/** What a label in front of a text says about it. */
type Hint = 'serial' | 'digest' | 'keyIdentifier' | 'subject' | 'issuer' | 'email' | 'id';

/** Labels of OpenSSL, browsers, Windows and keytool, in lower case and without other characters than letters and digits. */
const LABELS: ReadonlyMap<string, Hint> = new Map([
  ['serial', 'serial'],
  ['serialnumber', 'serial'],
  ['certificateserialnumber', 'serial'],
  ['seriennummer', 'serial'],
  ['fingerprint', 'digest'],
  ['certificatefingerprint', 'digest'],
  ['thumbprint', 'digest'],
  ['fingerabdruck', 'digest'],
  ...['sha1', 'sha256'].flatMap((digest): [string, Hint][] =>
    ['', 'fingerprint', 'fingerprints', 'thumbprint', 'digest', 'hash'].flatMap((word): [string, Hint][] => [
      [digest + word, 'digest'],
      [word + digest, 'digest'],
    ]),
  ),
  ['subjectkeyidentifier', 'keyIdentifier'],
  ['x509v3subjectkeyidentifier', 'keyIdentifier'],
  ['authoritykeyidentifier', 'keyIdentifier'],
  ['x509v3authoritykeyidentifier', 'keyIdentifier'],
  ['keyid', 'keyIdentifier'],
  ['subject', 'subject'],
  ['subjectdn', 'subject'],
  ['owner', 'subject'],
  ['issuer', 'issuer'],
  ['issuerdn', 'issuer'],
  ['mailto', 'email'],
  ['email', 'email'],
  ['extid', 'id'],
  ['userextid', 'id'],
]);

/** Format characters, as Windows puts before a fingerprint that is copied, and a BOM. */
const INVISIBLE = /[\p{Cf}\u0000]/gu;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u3000]/g;
const QUOTES = /["'`“”„‚‘’«»\s]/;
const SEPARATORS = /[,;]/;
const NOTHING = /(?!)/;

/** Crockford's base32: without I, L, O and U. */
const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{8}$/i;

const EMAIL = /^[^\s@<>"(),;:]{1,64}@[^\s@<>"(),;:]{1,190}$/;

/** Everything that the text may be, best first; not ok if it contains a private key. */
export function recogniseText(sent: string): Recognised {
  if (mentionsPrivateKey(sent)) {
    return { ok: false, message: 'The text mentions a private key, which must never be sent.' };
  }
  const certificates = [...pemBodies(sent)].flatMap(certificateReading);
  if (certificates.length > 0) return { ok: true, readings: distinct(certificates).slice(0, MAX_CERTIFICATES) };
  const { text, hint } = withoutLabel(cleaned(sent));
  const readings = [
    ...certificateReading(text),
    ...hexReadings(text, hint),
    ...nameReadings(text, hint),
    ...emailReadings(text),
    ...idReadings(text),
    ...partReadings(text),
  ];
  return { ok: true, readings: distinct(readings) };
}

/** A file with a chain has few; each is one search. */
const MAX_CERTIFICATES = 5;

const BEGIN = 'CERTIFICATE-----';
const END = '-----END';

/** What is between the lines of PEM, also in one line, escaped as in JSON, or percent-encoded as in a header. */
function* pemBodies(sent: string): Iterable<string> {
  if (!sent.includes('BEGIN')) return;
  const text = /%0A|%20|%2B/i.test(sent) ? percentDecoded(sent) : sent;
  for (let start = text.indexOf(BEGIN); start !== -1;) {
    const from = start + BEGIN.length;
    const end = text.indexOf(END, from);
    if (end === -1) return;
    yield text
      .slice(from, end)
      .replaceAll(/\\[nrt]/g, '')
      .replaceAll('\\/', '/');
    // Past the label of the END line.
    const next = text.indexOf(BEGIN, end);
    start = next === -1 ? -1 : text.indexOf(BEGIN, next + BEGIN.length);
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function certificateReading(base64: string): TextReading[] {
  const body = base64.replaceAll(/[\s\u0000"',]/g, '');
  if (body.length < 100 || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return [];
  const read = readCertificate(Buffer.from(body, 'base64'));
  if (!read.ok) return [];
  const value = colonHex(read.certificate.sha256);
  return [{ kind: 'certificate', value, by: { filter: 'fingerprint', text: value } }];
}

function cleaned(sent: string): string {
  const text = sent.replace(INVISIBLE, '').replace(SPACES, ' ');
  return trimmed(trimmed(trimmed(text, QUOTES), NOTHING, SEPARATORS), QUOTES);
}

/** Without the characters at both ends. An expression that ends with `$` would search from every one of them. */
function trimmed(text: string, atStart: RegExp, atEnd = atStart): string {
  let [start, end] = [0, text.length];
  while (start < end && atStart.test(text.charAt(start))) start += 1;
  while (end > start && atEnd.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** A label ends at the first `:`, `=` or line end, and is known. */
function withoutLabel(text: string): { readonly text: string; readonly hint: Hint | undefined } {
  const end = text.slice(0, 60).search(/[:=\r\n\t]/);
  if (end === -1) return { text, hint: undefined };
  const hint = LABELS.get(
    text
      .slice(0, end)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, ''),
  );
  const rest = cleaned(text.slice(end + 1));
  // In a distinguished name, serialNumber is an attribute.
  if (hint === undefined || rest === '' || (hint === 'serial' && rest.includes('='))) return { text, hint: undefined };
  const inner = withoutLabel(rest);
  return { text: inner.text, hint: inner.hint ?? hint };
}

/** Octets in hex with colons, spaces, hyphens or nothing between them; OpenSSL prints a long number as `4660 (0x1234)`. */
function hexReadings(text: string, hint: Hint | undefined): readonly TextReading[] {
  const both = /^\d{1,20} \(0x([0-9a-f]{1,16})\)$/i.exec(text);
  if (both !== null) return serialReading(both[1] ?? '');
  if (/^dec:/i.test(text)) return serialReading(text.replaceAll(/\s/g, ''));
  const negative = /^-(?:0x)?[0-9a-f:]+$/i.test(text);
  const hex = /^[0-9a-f]{2}(?:-[0-9a-f]{2})+$/i.test(text) ? text.replaceAll('-', '') : text.replaceAll(/[\s:]/g, '');
  const digits = hex.replace(/^0x/i, '');
  if (!negative && !/^[0-9a-f]+$/i.test(digits)) return [];
  const isDecimal = /^\d+$/.test(text);
  const serials = [...serialReading(digits), ...(isDecimal ? serialReading(`dec:${text}`) : [])];
  // `serial=` of OpenSSL is hex; a number of digits alone is more likely decimal.
  const numbers = hint === 'serial' || !isDecimal ? serials : serials.toReversed();
  if (negative) return serials;
  const digests = digestReadings(digits, hint);
  return hint === 'serial' ? [...numbers, ...digests] : [...digests, ...numbers];
}

function serialReading(text: string): readonly TextReading[] {
  const value = readSerial(text);
  if (value === undefined || text.length > 2000) return [];
  return [{ kind: 'serial', value, by: { filter: 'serial', text: value === '' ? '0' : value } }];
}

function digestReadings(hex: string, hint: Hint | undefined): readonly TextReading[] {
  if (hex.length % 2 !== 0) return [];
  const value = colonHex(Buffer.from(hex, 'hex'));
  const of = (kind: ReadingKind, filter: string): TextReading => ({ kind, value, by: { filter, text: value } });
  const identifiers = [
    of('subjectKeyIdentifier', 'subjectKeyIdentifier'),
    of('authorityKeyIdentifier', 'authorityKeyIdentifier'),
  ];
  if (hex.length === 64) {
    const digests = [of('fingerprintSha256', 'fingerprint'), of('publicKeySha256', 'publicKeySha256')];
    return hint === 'keyIdentifier' ? [...identifiers, ...digests] : [...digests, ...identifiers];
  }
  if (hex.length === 40) {
    const digest = of('fingerprintSha1', 'fingerprint');
    return hint === 'keyIdentifier' ? [...identifiers, digest] : [digest, ...identifiers];
  }
  return hint === 'keyIdentifier' ? identifiers : [];
}

/** A distinguished name in either order, as the subject and as the issuer. */
function nameReadings(text: string, hint: Hint | undefined): readonly TextReading[] {
  if (text.length > MAX_NAME) return [];
  const orders = [parseName(text), text.startsWith('/') ? undefined : parseName(text, 'encoding')];
  const names = [
    ...new Set(
      orders.flatMap((rdns) => {
        const shown = rdns === undefined ? '' : formatName({ der: Buffer.alloc(0), relativeDistinguishedNames: rdns });
        return shown === '' ? [] : [shown];
      }),
    ),
  ];
  const kinds = hint === 'issuer' ? (['issuer', 'subject'] as const) : (['subject', 'issuer'] as const);
  return kinds.flatMap((kind) => names.map((value) => ({ kind, value, by: { filter: `${kind}DN`, text: value } })));
}

const MAX_NAME = 16_384;

function emailReadings(text: string): readonly TextReading[] {
  const [, inBrackets] = /<([^<>]{1,255})>$/.exec(text) ?? [];
  const address = (inBrackets ?? text).replace(/^mailto:/i, '').replace(/\?.*$/s, '');
  return EMAIL.test(address) ? [{ kind: 'email', value: address, by: { filter: 'q', text: address } }] : [];
}

function idReadings(text: string): readonly TextReading[] {
  const ids: readonly TextReading[] = isExternalId(text)
    ? [
        { kind: 'extId', value: text, by: { filter: 'extId', text } },
        { kind: 'userExtId', value: text, by: { filter: 'userExtId', text } },
      ]
    : [];
  const reference: TextReading = { kind: 'loginReference', value: text.toUpperCase(), by: undefined };
  return REFERENCE.test(text) ? [...ids, reference] : ids;
}

function partReadings(text: string): readonly TextReading[] {
  return readPart(text) === undefined ? [] : [{ kind: 'text', value: text, by: { filter: 'q', text } }];
}

/** An e-mail address is a part of a text as well; one search is enough. */
function distinct(readings: readonly TextReading[]): readonly TextReading[] {
  const seen = new Set<string>();
  return readings.filter(({ by, kind }) => {
    const key = by === undefined ? kind : `${by.filter} ${by.text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
