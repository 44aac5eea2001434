import { styleText } from 'node:util';

import { printable } from '../common/printable.js';
import {
  type ExplainedPath,
  type ExplainedRevocation,
  type ExplainedRule,
  type Explanation,
  type Field,
  type PathCertificate,
  type Remark,
  sentence,
} from './explanation.js';

type Rejected = ExplainedPath['rejected'][number];

/** How many certificates that lead nowhere are listed. */
const MAX_REJECTED = 20;

type Style = 'good' | 'bad' | 'warning' | 'heading' | 'soft';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const FORMATS = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  heading: 'bold',
  soft: 'dim',
} as const satisfies Record<Style, Parameters<typeof styleText>[0]>;

export function painter(hasColours: boolean): Paint {
  // Who has asked for colours has looked at the terminal.
  return hasColours ? (style, text) => styleText(FORMATS[style], text, { validateStream: false }) : (_, text) => text;
}

/**
 * The text for a terminal: the verdict, the path from the certificate up to its anchor with what is wrong at each, what
 * the certificate says, and what can be done. Texts from certificates, files and servers cannot move the cursor.
 */
export function formatExplanation(name: string, explanation: Explanation, paint: Paint): string {
  const { verdict, because, path, revocation, rules, certificate, findings, remedies, notes } = explanation;
  const isAccepted = verdict === 'accepted';
  const heading = paint(isAccepted ? 'good' : 'bad', printable(verdict).toUpperCase());
  return [
    `${heading}  ${printable(name)}\n  ${printable(because)}`,
    path === undefined ? undefined : section('Path', pathLines(path, paint), paint),
    revocation === undefined ? undefined : section('Revocation', revocationLines(revocation, paint), paint),
    section(
      'Rules of the policy',
      rules.map((rule) => ruleLine(rule, paint)),
      paint,
    ),
    section('Certificate', fieldLines(certificate, paint), paint),
    section(
      'Findings',
      findings.map((finding) => `${paint('warning', '!')}  ${printable(sentence(finding))}`),
      paint,
    ),
    section(
      'What to do',
      remedies.map((remedy) => `-  ${printable(remedy)}`),
      paint,
    ),
    notes.length === 0 ? undefined : notes.map((note) => paint('soft', printable(note))).join('\n'),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function section(heading: string, lines: readonly string[], paint: Paint): string | undefined {
  if (lines.length === 0) return undefined;
  return [paint('heading', heading), ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

const LINE_DOWN = '|';

/** The reason of a certificate whose issuer is missing: it is drawn where the issuer would be. */
const ISSUER_NOT_FOUND = 'issuerNotFound';

/** From the certificate upwards. `o`: nothing is wrong with it; `x`: rejected; `?`: missing. */
function pathLines(path: ExplainedPath, paint: Paint): readonly string[] {
  const { proven, certificates, rejected } = path;
  const lines = certificates.flatMap((certificate, index) => [
    ...(index === 0 ? [] : [LINE_DOWN]),
    ...certificateLines(certificate, path, paint),
    ...(proven && index === certificates.length - 1 ? [paint('soft', '   anchor')] : []),
  ]);
  const last = certificates.at(-1);
  const onPath = new Set(certificates.map(({ fingerprint }) => fingerprint));
  const others = rejected.filter(({ fingerprint }) => !onPath.has(fingerprint));
  const isNext = ({ subject }: PathCertificate): boolean => subject === last?.issuer;
  return [
    ...lines,
    ...issuerLines(path, others.filter(isNext), paint),
    ...otherLines(
      others.filter((other) => !isNext(other)),
      path.omitted,
      paint,
    ),
  ];
}

function certificateLines(
  { subject, fingerprint }: PathCertificate,
  { proven, rejected, findings }: ExplainedPath,
  paint: Paint,
): readonly string[] {
  const problems = rejected.filter((one) => one.fingerprint === fingerprint && one.code !== ISSUER_NOT_FOUND);
  const own = findings.filter((one) => one.fingerprint === fingerprint);
  const symbol = problems.length > 0 ? paint('bad', 'x') : proven ? paint('good', 'o') : 'o';
  return [
    `${symbol}  ${printable(subject)}`,
    ...problems.map((problem) => `|  ${paint('bad', printable(sentence(problem)))}`),
    ...own.map((finding) => `|  ${paint('warning', printable(sentence(finding)))}`),
  ];
}

/** What is in the place of the next issuer: certificates that cannot be it, or nothing. */
function issuerLines(
  { certificates, rejected }: ExplainedPath,
  tried: readonly Rejected[],
  paint: Paint,
): readonly string[] {
  if (tried.length > 0) return [LINE_DOWN, ...tried.flatMap((certificate) => rejectedLines(certificate, paint))];
  const last = certificates.at(-1);
  const missing = rejected.find((one) => one.fingerprint === last?.fingerprint && one.code === ISSUER_NOT_FOUND);
  if (last === undefined || missing === undefined) return [];
  return [
    LINE_DOWN,
    `${paint('warning', '?')}  ${printable(last.issuer)}`,
    `   ${paint('bad', printable(sentence(missing)))}`,
  ];
}

function otherLines(rejected: readonly Rejected[], omitted: number, paint: Paint): readonly string[] {
  const shown = rejected.slice(0, MAX_REJECTED);
  const more = rejected.length - shown.length + omitted;
  if (shown.length === 0 && more === 0) return [];
  return [
    '',
    'Also tried:',
    ...shown.flatMap((certificate) => rejectedLines(certificate, paint)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

/** With the fingerprint, as several certificates may have one name. */
function rejectedLines(rejected: Rejected, paint: Paint): readonly string[] {
  return [
    `${paint('bad', 'x')}  ${printable(rejected.subject)}`,
    `   ${paint('soft', printable(rejected.fingerprint))}`,
    `   ${paint('bad', printable(sentence(besideIssuer(rejected))))}`,
  ];
}

/** The signature is that of the certificate below, so that "its" would be misleading beside the issuer. */
function besideIssuer(problem: Remark): Remark {
  return problem.code === 'badSignature'
    ? { ...problem, detail: 'Its key did not make the signature of the certificate below it.' }
    : problem;
}

/** `o`: not revoked; `x`: revoked; `?`: unknown. */
function revocationLines({ detail, certificates }: ExplainedRevocation, paint: Paint): readonly string[] {
  const symbols = { good: paint('good', 'o'), revoked: paint('bad', 'x') };
  return [
    printable(detail),
    ...certificates.flatMap(({ subject, status, remarks }) => [
      `${status === 'good' || status === 'revoked' ? symbols[status] : paint('warning', '?')}  ${printable(subject)}: ${printable(status)}`,
      ...remarks.map((remark) => `   ${paint('soft', printable(remark))}`),
    ]),
  ];
}

function ruleLine({ rule, passed, expected, found }: ExplainedRule, paint: Paint): string {
  const symbol = passed ? paint('good', 'o') : paint('bad', 'x');
  return `${symbol}  ${printable(rule)}: expected ${printable(expected)}; found ${printable(found)}`;
}

function fieldLines(fields: readonly Field[], paint: Paint): readonly string[] {
  const width = Math.max(...fields.map(([label]) => label.length));
  return fields.map(([label, value]) => `${paint('soft', label.padEnd(width))}  ${printable(value, MAX_VALUE)}`);
}

/** In characters; a certificate may have hundreds of names. */
const MAX_VALUE = 1000;
