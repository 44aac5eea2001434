import { Tag } from '../../src/x509/der/tag.js';
import { hex, objectIdentifier, sequence, tlv } from '../support/der.js';
import { Oid, setExtension } from './certificate-plan.js';
import { ANY_POLICY, type ChainPlan, policiesValue, POLICY, type PolicyOptions } from './chain-plan.js';
import { type Flaw, flawIn, flawsIn, type Place } from './flaw.js';

const EVERYWHERE: readonly Place[] = ['leaf', 'intermediate', 'anchor'];
const BELOW: readonly Place[] = ['leaf', 'intermediate'];
const OTHER = '1.3.6.1.4.1.55738.2';

const mapping = (...pairs: readonly (readonly [string, string])[]) =>
  sequence(...pairs.map((pair) => sequence(...pair.map(objectIdentifier))));
const constraints = (explicit?: number, inhibit?: number) =>
  sequence(
    ...(explicit === undefined ? [] : [tlv(0x80, Buffer.of(explicit))]),
    ...(inhibit === undefined ? [] : [tlv(0x81, Buffer.of(inhibit))]),
  );
const count = (value: string) => tlv(Tag.integer, hex(value));

/** [name, places, extension, value, critical] */
const VALUES: readonly (readonly [string, readonly Place[], string, Buffer, boolean])[] = [
  ['another policy', BELOW, Oid.certificatePolicies, policiesValue(OTHER), false],
  ['two policies', BELOW, Oid.certificatePolicies, policiesValue(OTHER, POLICY), false],
  ['the same policy twice', BELOW, Oid.certificatePolicies, policiesValue(POLICY, POLICY), false],
  ['anyPolicy', BELOW, Oid.certificatePolicies, policiesValue(ANY_POLICY), false],
  ['critical policy', BELOW, Oid.certificatePolicies, policiesValue(POLICY), true],
  ['no policy in the list', EVERYWHERE, Oid.certificatePolicies, sequence(), false],
  ['policies that cannot be read', EVERYWHERE, Oid.certificatePolicies, hex('0500'), false],
  ['explicit policy after 0', EVERYWHERE, Oid.policyConstraints, constraints(0), true],
  ['explicit policy after 1', EVERYWHERE, Oid.policyConstraints, constraints(1), true],
  ['explicit policy after 0, not critical', EVERYWHERE, Oid.policyConstraints, constraints(0), false],
  ['empty policyConstraints', EVERYWHERE, Oid.policyConstraints, sequence(), true],
  ['negative policyConstraints', EVERYWHERE, Oid.policyConstraints, sequence(tlv(0x80, hex('ff'))), true],
  ['policyConstraints that cannot be read', EVERYWHERE, Oid.policyConstraints, hex('0500'), true],
  ['policy mapped', ['intermediate'], Oid.policyMappings, mapping([POLICY, OTHER]), true],
  ['policy mapped to itself', ['intermediate'], Oid.policyMappings, mapping([POLICY, POLICY]), false],
  ['policy mapped to anyPolicy', ['intermediate'], Oid.policyMappings, mapping([POLICY, ANY_POLICY]), true],
  ['anyPolicy mapped', ['intermediate'], Oid.policyMappings, mapping([ANY_POLICY, POLICY]), true],
  ['empty policyMappings', ['intermediate'], Oid.policyMappings, sequence(), true],
  ['policyMappings', ['leaf'], Oid.policyMappings, mapping([POLICY, OTHER]), true],
  ['no anyPolicy after 0', ['intermediate', 'anchor'], Oid.inhibitAnyPolicy, count('00'), true],
  ['no anyPolicy after 1', ['intermediate', 'anchor'], Oid.inhibitAnyPolicy, count('01'), true],
  ['negative inhibitAnyPolicy', EVERYWHERE, Oid.inhibitAnyPolicy, count('ff'), true],
  ['inhibitAnyPolicy that cannot be read', EVERYWHERE, Oid.inhibitAnyPolicy, hex('0500'), true],
];

function option(name: string, policies: Partial<PolicyOptions>): Flaw {
  return {
    name,
    apply(chain: ChainPlan) {
      Object.assign(chain.policies, policies);
    },
  };
}

export const POLICY_FLAWS: readonly Flaw[] = [
  ...VALUES.flatMap(([name, places, oid, value, critical]) =>
    flawsIn(places, name, (plan) => setExtension(plan, oid, value, critical)),
  ),
  flawIn('intermediate', 'explicit policy, and it is mapped', (plan) => {
    setExtension(plan, Oid.policyConstraints, constraints(0), true);
    setExtension(plan, Oid.policyMappings, mapping([POLICY, OTHER]), true);
  }),
  flawIn('intermediate', 'explicit policy, and mapping is inhibited', (plan, chain) => {
    setExtension(plan, Oid.policyConstraints, constraints(0, 0), true);
    setExtension(plan, Oid.policyMappings, mapping([POLICY, OTHER]), true);
    const [leaf] = chain.path;
    if (leaf !== undefined) setExtension(leaf, Oid.certificatePolicies, policiesValue(OTHER));
  }),
  flawIn('intermediate', 'mapped as it should be', (plan, chain) => {
    setExtension(plan, Oid.policyConstraints, constraints(0), true);
    setExtension(plan, Oid.policyMappings, mapping([POLICY, OTHER]), true);
    const [leaf] = chain.path;
    if (leaf !== undefined) setExtension(leaf, Oid.certificatePolicies, policiesValue(OTHER));
  }),
  option('explicit policy wanted', { explicitPolicy: true }),
  option('this policy wanted', { explicitPolicy: true, acceptedPolicy: POLICY }),
  option('another policy wanted', { explicitPolicy: true, acceptedPolicy: OTHER }),
  option('another policy accepted', { acceptedPolicy: OTHER }),
  option('no mapping wanted', { explicitPolicy: true, inhibitMapping: true }),
  option('no anyPolicy wanted', { explicitPolicy: true, inhibitAnyPolicy: true }),
];
