import { MAX_INTERMEDIATES, type PathParameters, PRODUCTION_ALGORITHMS } from '../x509/path/path-parameters.js';
import { type CaseInput, casesOf, type ConformanceCase } from './conformance-case.js';
import type { RunOptions } from './conformance-report.js';
import { dateOf, type JsonObject, LayoutError, listOf, objectOf, textOf, textsOf } from './json-members.js';

/** PKITS is of 2011: it has DSA keys, and serial numbers that RFC 5280 section 4 forbids in valid paths. */
export const PKITS_OPTIONS: RunOptions = {
  profile: 'production',
  ...PRODUCTION_ALGORITHMS,
  sha1: true,
  dsa: true,
  crls: true,
};

const ANY_POLICY = '2.5.29.32.0';

/** The policies of PKITS by their names. */
const POLICIES: ReadonlyMap<string, string> = new Map([
  ['anyPolicy', ANY_POLICY],
  ...Array.from(
    { length: 10 },
    (_, index) => [`NIST-test-policy-${index + 1}`, `2.16.840.1.101.3.2.1.48.${index + 1}`] as const,
  ),
]);

/** Each has a text. */
const SETTINGS: ReadonlySet<string> = new Set([
  'SetInitialPolicySet',
  'SetInitialExplicitPolicy',
  'SetInitialPolicyMappingInhibit',
  'SetInitialInhibitAnyPolicy',
  'SetUserConstrainedPolicySet',
]);

/** @throws LayoutError if the file does not have the layout of PKITS cases */
export function readPkitsFile(json: unknown): readonly ConformanceCase[] {
  const file = objectOf(json, 'The file');
  if (file['cases'] === undefined) throw new LayoutError('It has no cases.');
  const time = dateOf(textOf(file, 'validation_time'));
  return casesOf(listOf(file, 'cases'), {
    key: 'name',
    needs: ({ crl_pems: crls }) => ([crls ?? []].flat().length > 0 ? ['crl'] : []),
    input: (entry) => readInput(entry, time),
  });
}

function readInput(entry: JsonObject, time: Date): CaseInput {
  const settings = objectOf(entry['settings'] ?? {}, 'settings');
  const policySet = policiesOf(settings, 'SetUserConstrainedPolicySet', 'NIST-test-policy-1');
  return {
    leaf: textOf(entry, 'peer_certificate'),
    anchors: textsOf(entry, 'trusted_certs'),
    intermediates: textsOf(entry, 'untrusted_intermediates'),
    crls: textsOf(entry, 'crl_pems'),
    parameters: readParameters(settings, time),
    peerNames: [],
    // Of a path that is not valid, the set has no meaning (RFC 5280 section 6.1.6).
    expectedPolicySet: entry['expected_result'] === 'SUCCESS' ? policySet : undefined,
  };
}

function readParameters(settings: JsonObject, time: Date): PathParameters {
  const unknown = Object.keys(settings).find((name) => !SETTINGS.has(name));
  if (unknown !== undefined) throw new LayoutError(`There is no setting ${unknown}.`);
  const policies = policiesOf(settings, 'SetInitialPolicySet', 'anyPolicy');
  return {
    time,
    eku: [],
    leafKeyUsage: [],
    maxIntermediates: MAX_INTERMEDIATES,
    initialPolicySet: policies.includes(ANY_POLICY) ? 'any' : new Set(policies),
    initialExplicitPolicy: isSet(settings, 'SetInitialExplicitPolicy'),
    initialPolicyMappingInhibit: isSet(settings, 'SetInitialPolicyMappingInhibit'),
    initialAnyPolicyInhibit: isSet(settings, 'SetInitialInhibitAnyPolicy'),
    algorithms: PKITS_OPTIONS,
    profile: PKITS_OPTIONS.profile,
  };
}

function isSet(settings: JsonObject, name: string): boolean {
  const value = settings[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new LayoutError(`${name} is neither true nor false.`);
}

/** Names of policies, separated by commas. */
function policiesOf(settings: JsonObject, setting: string, ifAbsent: string): readonly string[] {
  const names = settings[setting] === undefined ? ifAbsent : textOf(settings, setting);
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(policyOf);
}

function policyOf(name: string): string {
  const policy = POLICIES.get(name);
  if (policy === undefined) throw new LayoutError(`There is no policy ${name}.`);
  return policy;
}
