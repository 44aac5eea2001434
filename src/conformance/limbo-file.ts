import type { KeyUsage } from '../x509/certificate/certificate.js';
import { keyPurposes } from '../x509/certificate/key-purposes.js';
import { MAX_INTERMEDIATES, type PathParameters, PRODUCTION_ALGORITHMS } from '../x509/path/path-parameters.js';
import { type CaseInput, casesOf, type ConformanceCase } from './conformance-case.js';
import type { Need, RunOptions } from './conformance-report.js';
import { dateOf, type JsonObject, LayoutError, listOf, objectOf, textOf, textsOf } from './json-members.js';
import { isPeerNameKind, type PeerName } from './peer-name.js';

export const LIMBO_OPTIONS: RunOptions = { profile: 'section4', ...PRODUCTION_ALGORITHMS, crls: true };

/**
 * The cases of a file in the JSON schema of x509-limbo.
 *
 * @param now - for the cases without a time
 * @throws LayoutError if it is no such file
 */
export function readLimboFile(json: unknown, now: Date): readonly ConformanceCase[] {
  const file = objectOf(json, 'The file');
  if (file['testcases'] === undefined) throw new LayoutError('It has no testcases.');
  const input = (testcase: JsonObject) => readInput(testcase, now);
  return casesOf(listOf(file, 'testcases'), { key: 'id', needs: needsOf, input });
}

function readInput(testcase: JsonObject, now: Date): CaseInput {
  const crls = textsOf(testcase, 'crls');
  return {
    leaf: textOf(testcase, 'peer_certificate'),
    anchors: textsOf(testcase, 'trusted_certs'),
    intermediates: textsOf(testcase, 'untrusted_intermediates'),
    crls: crls.length === 0 ? undefined : crls,
    parameters: readParameters(testcase, now),
    peerNames: peerNamesOf(testcase),
    expectedPolicySet: undefined,
  };
}

function readParameters(testcase: JsonObject, now: Date): PathParameters {
  return {
    time: isAbsent(testcase['validation_time']) ? now : dateOf(textOf(testcase, 'validation_time')),
    eku: purposesOf(testcase),
    leafKeyUsage: textsOf(testcase, 'key_usage').map(keyUsageOf),
    maxIntermediates: depthOf(testcase),
    initialPolicySet: 'any',
    initialExplicitPolicy: false,
    initialPolicyMappingInhibit: false,
    initialAnyPolicyInhibit: false,
    algorithms: LIMBO_OPTIONS,
    profile: LIMBO_OPTIONS.profile,
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Counts intermediates. */
function depthOf({ max_chain_depth: depth }: JsonObject): number {
  if (isAbsent(depth)) return MAX_INTERMEDIATES;
  if (typeof depth === 'number' && Number.isInteger(depth) && depth >= 0) return depth;
  throw new LayoutError('max_chain_depth is not a count.');
}

/** A case that names none is about the purpose of its kind of validation. */
function purposesOf(testcase: JsonObject): readonly string[] {
  const names = textsOf(testcase, 'extended_key_usage');
  if (names.length > 0) return names.map(purposeOf);
  return [purposeOf(textOf(testcase, 'validation_kind') === 'CLIENT' ? 'clientAuth' : 'serverAuth')];
}

/** A name of RFC 5280, or an OID. */
function purposeOf(name: string): string {
  const purpose = keyPurposes.get(name) ?? (/^\d+(\.\d+)+$/.test(name) ? name : undefined);
  if (purpose === undefined) throw new LayoutError(`There is no key purpose ${name}.`);
  return purpose;
}

const KEY_USAGES: ReadonlyMap<string, KeyUsage> = new Map([
  ['digitalSignature', 'digitalSignature'],
  // The later name of the same bit (X.509).
  ['contentCommitment', 'nonRepudiation'],
  ['keyEncipherment', 'keyEncipherment'],
  ['dataEncipherment', 'dataEncipherment'],
  ['keyAgreement', 'keyAgreement'],
  ['keyCertSign', 'keyCertSign'],
  ['cRLSign', 'cRLSign'],
  ['encipherOnly', 'encipherOnly'],
  ['decipherOnly', 'decipherOnly'],
]);

function keyUsageOf(name: string): KeyUsage {
  const usage = KEY_USAGES.get(name);
  if (usage === undefined) throw new LayoutError(`There is no key usage ${name}.`);
  return usage;
}

/** One name is what a client expects of a server; a list is what a server expects of a client. */
function peerNamesOf(testcase: JsonObject): readonly PeerName[] {
  return [testcase['expected_peer_name'] ?? [], listOf(testcase, 'expected_peer_names')].flat().map((value) => {
    const name = objectOf(value, 'A peer name');
    const kind = textOf(name, 'kind');
    if (!isPeerNameKind(kind)) throw new LayoutError(`There is no kind ${kind} of peer name.`);
    return { kind, value: textOf(name, 'value') };
  });
}

function needsOf(testcase: JsonObject): readonly Need[] {
  const { id, expected_peer_name: server, expected_peer_names: clients, crls } = testcase;
  const needs: Need[] = [];
  if ([server ?? [], clients ?? []].flat().length > 0) needs.push('peerName');
  if (typeof id === 'string' && id.startsWith('webpki::')) needs.push('webpki');
  if ([crls ?? []].flat().length > 0) needs.push('crl');
  return needs;
}
