import type { CertificatePolicy } from '../policies/certificate-policy.model.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { ruleOutcome, type RuleOutcome } from './rule-outcome.js';

const DAY_MS = 86_400_000;

/**
 * The days from notBefore to notAfter. RFC 5280 section 4.1.2.5 includes both ends, which is a second more, but then a
 * certificate issued for 397 days with common tools would exceed 397 days.
 */
export function evaluateValidityDays(policy: CertificatePolicy, certificate: Certificate): readonly RuleOutcome[] {
  const { maxValidityDays } = policy;
  if (maxValidityDays === undefined) return [];
  const length = certificate.notAfter.getTime() - certificate.notBefore.getTime();
  return [
    ruleOutcome('maxValidityDays', {
      passed: length <= maxValidityDays * DAY_MS,
      expected: `at most ${days(maxValidityDays)}`,
      found: lengthText(length),
      remedy: `Have it issued for at most ${days(maxValidityDays)}.`,
    }),
  ];
}

/** Both ends are part of the validity (RFC 5280 section 4.1.2.5). */
export function evaluateCurrentlyValid(
  policy: CertificatePolicy,
  { notBefore, notAfter }: Certificate,
  now: Date,
): readonly RuleOutcome[] {
  if (!policy.requireCurrentlyValid) return [];
  return [
    ruleOutcome('requireCurrentlyValid', {
      passed: notBefore <= now && now <= notAfter,
      expected: `a certificate that is valid at ${timeText(now)}`,
      found: `valid from ${timeText(notBefore)} to ${timeText(notAfter)}`,
      remedy: notAfter < now ? 'Have it renewed; it has expired.' : `Register it at ${timeText(notBefore)} or later.`,
    }),
  ];
}

function lengthText(milliseconds: number): string {
  const whole = Math.trunc(milliseconds / DAY_MS);
  const seconds = Math.trunc((milliseconds % DAY_MS) / 1000);
  return seconds === 0 ? days(whole) : `${days(whole)} and ${seconds} s`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

function timeText(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
