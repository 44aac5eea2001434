import type { CaseReport, InputReport } from './conformance-report.js';
import { isCoreCase, isRevocationCase } from './core-cases.js';
import type { CaseRun } from './run-case.js';
import { type Evaluated, type Mistake, type Tally, tallyOf } from './tally.js';

/** OpenSSL 3.0's results for the complete files, measured by the authors of the corpus. */
const OPENSSL = {
  limboCore: { cases: 129, result: '115 of 129, 6 false accepts' },
  pkits: { cases: 247, result: '229 of 247, 0 false accepts' },
} as const;

/** Whether the result of a case is the expected one. */
export function evaluateCase({ report, expectedPolicySet }: CaseRun): Evaluated {
  const { key, verdict, code, section, ms } = report;
  const outcome = code === null ? verdict : `${verdict}: ${code} (${section})`;
  return { name: key, mistake: mistakeIn(report, expectedPolicySet), outcome, ms };
}

function mistakeIn(
  { expected, verdict, userConstrainedPolicySet }: CaseReport,
  expectedPolicySet: readonly string[] | undefined,
): Mistake | undefined {
  if (verdict === 'error') return 'otherwiseWrong';
  if (expected === 'FAILURE') return verdict === 'accept' ? 'falseAccept' : undefined;
  if (verdict === 'reject') return 'falseReject';
  const isRightSet =
    expectedPolicySet === undefined || expectedPolicySet.toSorted().join() === userConstrainedPolicySet.join();
  return isRightSet ? undefined : 'otherwiseWrong';
}

/** A complete file, and before it the part that path validation without revocation decides. */
export function talliesOf(name: string, kind: InputReport['kind'], evaluated: readonly Evaluated[]): readonly Tally[] {
  if (kind === 'pkits') {
    const decided = evaluated.filter((one) => !isRevocationCase(one.name));
    return [tallyOf(`${name}, without revocation`, decided), besideOpenssl(name, evaluated, OPENSSL.pkits)];
  }
  const core = evaluated.filter((one) => isCoreCase(one.name));
  const ofCore = core.length === 0 ? [] : [besideOpenssl(`${name}, core`, core, OPENSSL.limboCore)];
  return [...ofCore, tallyOf(name, evaluated)];
}

/** Of a part of the file, the result of OpenSSL is not known. */
function besideOpenssl(
  name: string,
  evaluated: readonly Evaluated[],
  { cases, result }: { readonly cases: number; readonly result: string },
): Tally {
  return tallyOf(name, evaluated, evaluated.length === cases ? result : undefined);
}
