import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { findPath } from '../x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../x509/path/path-parameters.js';
import { type PreparedAnchors, prepareAnchors } from '../x509/path/prepared-anchors.js';
import type { CaseInput, ConformanceCase } from './conformance-case.js';
import type { CaseReport } from './conformance-report.js';
import { cpuTime } from './cpu-time.js';
import { hasPeerName } from './peer-name.js';

type Outcome = Pick<
  CaseReport,
  'verdict' | 'path' | 'code' | 'section' | 'userConstrainedPolicySet' | 'signatureChecks'
>;

interface ReadCase {
  readonly input: CaseInput;
  /** Undefined if the leaf is no readable certificate. */
  readonly leaf: DerCertificate | undefined;
  readonly set: PreparedAnchors;
}

export interface CaseRun {
  readonly report: CaseReport;
  readonly expectedPolicySet: CaseInput['expectedPolicySet'];
}

/** Never throws: what goes wrong is an error of this case. */
export function runCase({ key, id, expected, needs, input }: ConformanceCase): CaseRun {
  const started = cpuTime();
  const read = attempt(() => readCase(input()));
  const outcome = read && attempt(() => evaluate(read, read.input.parameters));
  const ms = cpuTime() - started;
  const production = read && attempt(() => evaluate(read, inProduction(read.input.parameters)));
  const { verdict, path, code, section, userConstrainedPolicySet, signatureChecks } = outcome ?? FAILED;
  const report: CaseReport = {
    key,
    id,
    expected,
    verdict,
    path,
    production: production?.verdict === 'accept' ? 'accept' : 'reject',
    code,
    section,
    needs,
    userConstrainedPolicySet,
    signatureChecks,
    ms: Math.round(ms * 1000) / 1000,
  };
  return { report, expectedPolicySet: read?.input.expectedPolicySet };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

const FAILED: Outcome = {
  verdict: 'error',
  path: 'error',
  code: null,
  section: null,
  userConstrainedPolicySet: [],
  signatureChecks: 0,
};

function readCase(input: CaseInput): ReadCase {
  const readAll = (list: readonly string[]): DerCertificate[] =>
    list.map(readPemCertificate).filter((certificate) => certificate !== undefined);
  return {
    input,
    leaf: readPemCertificate(input.leaf),
    set: prepareAnchors(readAll(input.anchors), readAll(input.intermediates)),
  };
}

/** Test files hold longer certificates than `readPem` accepts from a caller. Undefined if it cannot be read. */
function readPemCertificate(pem: string): DerCertificate | undefined {
  const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  const result = readCertificate(Buffer.from(base64, 'base64'));
  return result.ok ? result.certificate : undefined;
}

function evaluate({ leaf, set, input }: ReadCase, parameters: PathParameters): Outcome {
  if (leaf === undefined) return { ...FAILED, ...rejection('malformed', 'RFC 5280 section 4.1') };
  const result = findPath(leaf, set, parameters);
  const { signatureChecks } = result.cost;
  if (!result.proven) return { ...FAILED, ...rejection(result.reason, result.section), signatureChecks };
  const proven = {
    path: 'accept',
    userConstrainedPolicySet: [...result.userConstrainedPolicySet].toSorted(),
    signatureChecks,
  } as const;
  return input.peerNames.every((name) => hasPeerName(leaf, name))
    ? { ...proven, verdict: 'accept', code: null, section: null }
    : { ...proven, verdict: 'reject', code: 'peerName', section: 'RFC 9525 section 6' };
}

function rejection(code: string, section: string) {
  return { verdict: 'reject', path: 'reject', code, section } as const;
}

/** As the server would validate this path for the purpose of the case, with the limits that the case sets (12.3). */
function inProduction(parameters: PathParameters): PathParameters {
  const { time, eku, leafKeyUsage, maxIntermediates, initialPolicySet } = parameters;
  const production = productionParameters(time, eku.length > 0 ? eku : undefined);
  return {
    ...production,
    leafKeyUsage: [...new Set([...production.leafKeyUsage, ...leafKeyUsage])],
    maxIntermediates: Math.min(production.maxIntermediates, maxIntermediates),
    initialPolicySet,
    initialExplicitPolicy: parameters.initialExplicitPolicy,
    initialPolicyMappingInhibit: parameters.initialPolicyMappingInhibit,
    initialAnyPolicyInhibit: parameters.initialAnyPolicyInhibit,
  };
}
