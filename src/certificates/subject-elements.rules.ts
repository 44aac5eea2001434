import { foldedValue, foldedWords } from '../common/fold-case.js';
import type { CredentialOwner } from '../credentials/state-refusals.rules.js';
import type { CertificatePolicy, SubjectDNElement, UserVariable } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { Name } from '../x509/name/name.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

const RULE = 'certificateUploadCheckSubjectDNElements';

const FIELDS: Readonly<Record<UserVariable, { field: string; of: (owner: CredentialOwner) => string | undefined }>> = {
  USER_NAME: { field: 'name.familyName', of: (owner) => owner.familyName },
  USER_FIRSTNAME: { field: 'name.firstName', of: (owner) => owner.firstName },
  USER_LOGINID: { field: 'loginId', of: (owner) => owner.loginId },
  USER_EXTID: { field: 'extId', of: (owner) => owner.extId },
  USER_EMAIL: { field: 'contacts.email', of: (owner) => owner.email },
};

type SubjectValues = readonly { readonly type: string; readonly words: string; readonly whole: string }[];

/** Each element must occur in the subject DN, after NFKC and case folding (contract 6.2). */
export function evaluateSubjectElements(
  policy: CertificatePolicy,
  certificate: Certificate,
  owner: CredentialOwner,
): readonly RuleOutcome[] {
  const { certificateUploadCheckSubjectDNElements: elements } = policy;
  if (elements.length === 0) return [];
  const found = subjectText(certificate.subject);
  const subject = subjectValues(certificate.subject);
  return elements.map((element) => ruleOutcome(RULE, { found, ...evaluateElement(element, subject, owner) }));
}

function evaluateElement(element: SubjectDNElement, subject: SubjectValues, owner: CredentialOwner) {
  if (element.kind === 'attribute') {
    const { name, text } = element;
    return {
      passed: hasAttribute(subject, element),
      expected: `the subject attribute ${name}=${text}`,
      remedy: `Have it issued with ${name}=${text} in its subject.`,
    };
  }
  if (element.kind === 'text') {
    return {
      passed: hasWordsOf(subject, element.text),
      expected: `"${element.text}" in the subject`,
      remedy: `Have it issued with "${element.text}" in its subject.`,
    };
  }
  return evaluateVariable(element.variable, subject, owner);
}

function evaluateVariable(variable: UserVariable, subject: SubjectValues, owner: CredentialOwner) {
  const { field, of } = FIELDS[variable];
  const text = of(owner) ?? '';
  if (foldedWords(text) === ' ') {
    return {
      passed: false,
      expected: `the user's ${field} (${variable}) in the subject`,
      found: `the user has no ${field}`,
      remedy: `Set the user's ${field} to a value that occurs in the certificate's subject.`,
    };
  }
  return {
    passed: hasWordsOf(subject, text),
    expected: `"${text}", the user's ${field} (${variable}), in the subject`,
    remedy: `Have it issued with "${text}" in its subject, or correct the user's ${field}.`,
  };
}

/** Whether one value contains the text as a sequence of whole words, or equals it. */
function hasWordsOf(subject: SubjectValues, text: string): boolean {
  const wanted = foldedWords(text);
  return subject.some(({ words }) => words.includes(wanted));
}

function hasAttribute(subject: SubjectValues, { type, text }: { type: string; text: string }): boolean {
  const wanted = foldedValue(text);
  return subject.some((value) => value.type === type && value.whole === wanted);
}

/** Folded once for all elements: a subject may be 64 KiB long, and a policy may have a hundred elements. */
function subjectValues(subject: Name | undefined): SubjectValues {
  const attributes = subject?.relativeDistinguishedNames.flat() ?? [];
  return attributes.flatMap(({ type, value }) =>
    value === undefined ? [] : [{ type, words: foldedWords(value), whole: foldedValue(value) }],
  );
}

function subjectText(subject: Name | undefined): string {
  if (subject === undefined) return 'no readable subject';
  return subject.relativeDistinguishedNames.length === 0 ? 'an empty subject' : formatName(subject);
}
