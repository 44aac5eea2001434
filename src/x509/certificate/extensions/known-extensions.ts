import { issuerAltName, subjectAltName } from './alternative-names.js';
import { basicConstraints } from './basic-constraints.js';
import { certificatePolicies, inhibitAnyPolicy, policyConstraints, policyMappings } from './certificate-policies.js';
import { cRLDistributionPoints, freshestCRL } from './distribution-points.js';
import { extendedKeyUsage } from './extended-key-usage.js';
import type { ExtensionDefinition } from './extension.js';
import { authorityInformationAccess, subjectInformationAccess } from './information-access.js';
import { authorityKeyIdentifier, subjectKeyIdentifier } from './key-identifiers.js';
import { keyUsage } from './key-usage.js';
import { nameConstraints } from './name-constraints.js';

const definitions: readonly ExtensionDefinition<unknown>[] = [
  authorityKeyIdentifier,
  subjectKeyIdentifier,
  keyUsage,
  certificatePolicies,
  policyMappings,
  subjectAltName,
  issuerAltName,
  basicConstraints,
  nameConstraints,
  policyConstraints,
  extendedKeyUsage,
  cRLDistributionPoints,
  inhibitAnyPolicy,
  freshestCRL,
  authorityInformationAccess,
  subjectInformationAccess,
];

/** The extensions whose content is checked, by dotted OID. All others are not decoded. */
export const knownExtensions: ReadonlyMap<string, ExtensionDefinition<unknown>> = new Map(
  definitions.map((definition) => [definition.oid, definition]),
);
