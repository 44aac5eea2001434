import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { certificateFields, NO_ISSUER, NO_SUBJECT } from './certificate-fields.js';
import {
  type ExplainedPath,
  type ExplainedRevocation,
  type ExplainedRule,
  type Explanation,
  type PathCertificate,
  type Remark,
  sentence,
} from './explanation.js';
import { listOf, memberOf, textOf } from './json-answer.js';

/**
 * Reads an answer of E1. The server may be newer or older than the command, so that a member is left out if it is missing
 * or of another type. Undefined: it is no such answer.
 */
export function explanationFrom(answer: unknown, leaf: DerCertificate): Explanation | undefined {
  const verdict = textOf(answer, 'verdict');
  if (verdict === undefined) return undefined;
  const rules = listOf(answer, 'rules').map(readRule);
  return {
    verdict,
    because: reasonOf(verdict, rules),
    path: readPath(memberOf(answer, 'path')),
    revocation: readRevocation(memberOf(answer, 'revocation')),
    rules,
    certificate: certificateFields(leaf),
    findings: listOf(answer, 'findings').map(readRemark),
    remedies: listOf(answer, 'remedies').flatMap(
      (remedy) => (typeof remedy === 'string' ? remedy : textOf(remedy, 'remedy')) ?? [],
    ),
    notes: notesOf(answer),
  };
}

function reasonOf(verdict: string, rules: readonly ExplainedRule[]): string {
  const failed = rules.filter(({ passed }) => !passed).map(({ rule }) => rule);
  if (failed.length > 0) return `It breaks ${failed.length} of ${rules.length} rules: ${failed.join(', ')}.`;
  return verdict === 'accepted'
    ? 'It meets every rule of the policy.'
    : 'It meets the rules, but something else is wrong.';
}

function readPath(path: unknown): ExplainedPath | undefined {
  const certificates = listOf(path, 'certificates').map(readPathCertificate);
  if (certificates.length === 0) return undefined;
  return {
    proven: memberOf(path, 'proven') === true,
    certificates,
    rejected: listOf(path, 'rejected').map((one) => ({ ...readPathCertificate(one), ...readRemark(one) })),
    findings: listOf(path, 'findings').map((one) => ({
      fingerprint: textOf(one, 'fingerprint') ?? '',
      ...readRemark(one),
    })),
    omitted: Number(memberOf(path, 'omitted') ?? 0),
  };
}

function readRevocation(revocation: unknown): ExplainedRevocation | undefined {
  const detail = textOf(revocation, 'detail');
  if (detail === undefined) return undefined;
  const certificates = listOf(revocation, 'evidence').map((one) => ({
    subject: textOf(one, 'subjectDN') ?? NO_SUBJECT,
    status: textOf(one, 'status') ?? '',
    remarks: [
      ...revocationRemarks(one),
      ...listOf(one, 'sources').map(sourceText),
      ...listOf(one, 'failed').map((failed) => `${textOf(failed, 'url') ?? ''}: ${textOf(failed, 'detail') ?? ''}`),
    ],
  }));
  return { detail, certificates };
}

/** Why it is revoked, or why that is not known. */
function revocationRemarks(evidence: unknown): readonly string[] {
  const [reason, date] = [textOf(evidence, 'reason'), textOf(evidence, 'revocationDate')];
  if (reason !== undefined) return [date === undefined ? reason : `${reason}, ${date}`];
  return textOf(evidence, 'detail') === undefined ? [] : [sentence(readRemark(evidence))];
}

function sourceText(source: unknown): string {
  const [kind, name, nextUpdate] = ['kind', 'name', 'nextUpdate'].map((member) => textOf(source, member));
  const what = `${kind === 'crl' ? 'CRL' : 'OCSP'}: ${name ?? ''}`;
  return nextUpdate === undefined ? what : `${what}, until ${nextUpdate}`;
}

function readPathCertificate(certificate: unknown): PathCertificate {
  return {
    subject: textOf(certificate, 'subjectDN') ?? NO_SUBJECT,
    issuer: textOf(certificate, 'issuerDN') ?? NO_ISSUER,
    fingerprint: textOf(certificate, 'fingerprint') ?? '',
  };
}

function readRemark(remark: unknown): Remark {
  const part = textOf(remark, 'part');
  const detail = textOf(remark, 'detail') ?? '';
  return {
    code: textOf(remark, 'reason') ?? textOf(remark, 'code'),
    detail: part === undefined ? detail : `${part}: ${detail}`,
    section: textOf(remark, 'section'),
  };
}

function readRule(rule: unknown): ExplainedRule {
  return {
    rule: textOf(rule, 'rule') ?? '',
    passed: memberOf(rule, 'passed') === true,
    expected: textOf(rule, 'expected') ?? '',
    found: textOf(rule, 'found') ?? '',
  };
}

/** Who has the certificate, what an upload would collide with, and what was not taken into account. */
function notesOf(answer: unknown): readonly string[] {
  const owner = memberOf(answer, 'owner');
  const holder = textOf(owner, 'userExtId');
  const conflicts = listOf(answer, 'conflicts').flatMap((conflict) => textOf(conflict, 'message') ?? []);
  const notes = listOf(answer, 'notes').filter((note) => typeof note === 'string');
  return [...(holder === undefined ? [] : [`User ${holder} has this certificate.`]), ...conflicts, ...notes];
}
