import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { findPath } from '../x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../x509/path/path-parameters.js';
import { type PreparedAnchors, prepareAnchors } from '../x509/path/prepared-anchors.js';
import { type CrlSet, crlSet } from '../x509/revocation/crl-set.js';
import type { Crl } from '../x509/revocation/crl.js';
import { readCrl } from '../x509/revocation/read-crl.js';
import { RevocationCheck } from '../x509/revocation/revocation-check.js';
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
  readonly crls: CrlSet | undefined;
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
    crls: input.crls && crlSet(input.crls.map(readPemCrl).filter((crl) => crl !== undefined)),
  };
}

/** Undefined if it cannot be read. */
function readPemCertificate(pem: string): DerCertificate | undefined {
  const result = readCertificate(contentOf(pem));
  return result.ok ? result.certificate : undefined;
}

/** Undefined if it cannot be read. */
function readPemCrl(pem: string): Crl | undefined {
  return readCrl(contentOf(pem)).value;
}

/** Test files hold longer certificates than `readPem` accepts from a caller. */
function contentOf(pem: string): Buffer {
  const [, base64 = ''] = /-----BEGIN (?:CERTIFICATE|X509 CRL)-----([^-]+)-----END/.exec(pem) ?? [];
  return Buffer.from(base64, 'base64');
}

function evaluate({ leaf, set, crls, input }: ReadCase, parameters: PathParameters): Outcome {
  if (leaf === undefined) return { ...FAILED, ...rejection('malformed', 'RFC 5280 section 4.1') };
  const check = crls && new RevocationCheck({ crls, ocsp: [], mode: 'hard', set, parameters });
  const accept: PathParameters['accept'] = (path) => check?.accept(path);
  const result = findPath(leaf, set, { ...parameters, accept });
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
