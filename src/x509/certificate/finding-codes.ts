/**
 * The stable codes of findings, each with the clause that it stands for. `…` stands for the name of a structure or type.
 * A wording may change, a code may not.
 */
export const FINDING_CODES = {
  unknownVersion: 'it is not v1, v2 or v3',
  encodedDefaultVersion: 'its default, v1, is encoded',
  uniqueIdentifiersInV1: 'v1 has no unique identifiers',
  extensionsBeforeV3: 'only v3 has extensions',
  negativeSerialNumber: 'it is negative',
  zeroSerialNumber: 'it is zero',
  longSerialNumber: 'it is longer than 20 octets',
  emptyIssuer: 'it is empty',
  longName: 'it is longer than 4096 characters',
  unsortedSet: 'a set is not in the order of DER',
  emptyRelativeDistinguishedName: 'a relative distinguished name is empty',
  timeForm: 'a time is not in the form that RFC 5280 prescribes',
  generalizedTimeBefore2050: 'a date before 2050 is not a UTCTime',
  unnamedCurve: 'the curve is not named',
  negativeKeyNumber: 'a number of the key is negative',
  emptyExtensionList: 'the list is empty',
  duplicateExtension: 'an extension occurs more than once',
  noNameOfSubject: 'the subject is empty, but there is no critical subjectAltName',
  encodedDefaultCriticality: 'its default criticality is encoded',
  notCritical: 'it is not critical',
  critical: 'it is critical',
  emptyKeyIdentifier: 'the key identifier is empty',
  incompleteIssuerReference: 'issuer and serial number must be present together',
  noKeyUsage: 'no usage is asserted',
  unknownKeyUsage: 'an unknown usage is asserted',
  noKeyPurpose: 'no purpose is named',
  emptyNameList: 'a list of names is empty',
  emptyName: 'a name is empty',
  unknownNameKind: 'a name is of no known kind',
  addressLength: 'an IP address has a wrong length',
  addressMask: 'an address mask has a gap',
  encodedDefaultAuthority: 'its default, no certification authority, is encoded',
  pathLengthWithoutAuthority: 'a path length is present without a certification authority',
  noConstraint: 'nothing is constrained',
  emptySubtreeList: 'a list of subtrees is empty',
  subtreeBounds: 'a subtree has a minimum or maximum',
  noPolicy: 'no policy is named',
  duplicatePolicy: 'a policy is named twice',
  emptyQualifierList: 'a list of qualifiers is empty',
  pointerType: 'a CPS pointer is not an IA5String',
  noticeType: 'a user notice is not a sequence',
  noMapping: 'no policy is mapped',
  noDistributionPoint: 'no distribution point is named',
  unnamedDistributionPoint: 'a distribution point has neither name nor issuer',
  noAccess: 'no access is described',
  missingValue: '… is missing or has a wrong type',
  trailingData: '… has trailing data',
  truncated: 'the data ends too early',
  tagNumber: 'a tag number is above 30',
  indefiniteLength: 'a length is indefinite',
  lengthBeyondData: 'a length is beyond the data',
  lengthNotMinimal: 'a length is not minimal',
  booleanLength: 'a boolean is not one octet',
  booleanValue: 'a boolean is neither 00 nor FF',
  emptyInteger: 'an integer has no octets',
  integerNotMinimal: 'an integer is not minimal',
  negativeCount: 'a count is negative',
  largeCount: 'a count is too large',
  emptyBitString: 'a bit string has no octets',
  unusedBitCount: 'a bit string has a wrong number of unused bits',
  unusedBitsSet: 'a bit string has unused bits that are not zero',
  trailingZeroBits: 'a bit list has trailing zero bits',
  emptyObjectIdentifier: 'an object identifier has no octets',
  longObjectIdentifier: 'an object identifier is too long',
  truncatedObjectIdentifier: 'an object identifier ends within an arc',
  objectIdentifierNotMinimal: 'an object identifier is not minimal',
  forbiddenCharacters: '… contains characters that the type forbids',
  constructedString: 'a string consists of several strings',
  invalidUtf8: 'a UTF8String is not valid UTF-8',
  truncatedBmpString: 'a BMPString ends within a character',
  surrogates: 'a BMPString contains surrogates',
  truncatedUniversalString: 'a UniversalString ends within a character',
  invalidUniversalCharacter: 'a UniversalString contains an invalid character',
} as const;

export type FindingCode = keyof typeof FINDING_CODES;

const BY_CLAUSE = new Map<string, FindingCode>();
const BY_ENDING: [string, FindingCode][] = [];
for (const [code, clause] of Object.entries(FINDING_CODES) as [FindingCode, string][]) {
  if (clause.startsWith('…')) BY_ENDING.push([clause.slice(1), code]);
  else BY_CLAUSE.set(clause, code);
}

/** A test keeps the list complete. */
export function findingCode(clause: string): FindingCode {
  const code = BY_CLAUSE.get(clause) ?? BY_ENDING.find(([ending]) => clause.endsWith(ending))?.[1];
  if (code === undefined) throw new Error(`No code stands for the clause "${clause}".`);
  return code;
}

/** The parts of a certificate that are not extensions, with the sections of RFC 5280 that define them. */
export const PART_SECTIONS = {
  version: '4.1.2.1',
  serialNumber: '4.1.2.2',
  issuer: '4.1.2.4',
  validity: '4.1.2.5',
  subject: '4.1.2.6',
  subjectPublicKeyInfo: '4.1.2.7',
  extensions: '4.2',
} as const;

/** Clauses that another section than that of their part prescribes. */
const CODE_SECTIONS: Partial<Record<FindingCode, string>> = {
  uniqueIdentifiersInV1: '4.1.2.8',
  extensionsBeforeV3: '4.1.2.9',
  emptyExtensionList: '4.1.2.9',
  noNameOfSubject: '4.1.2.6',
};

/** `section`: that of the part. */
export function findingSection(code: FindingCode, section: string): string {
  return `RFC 5280 section ${CODE_SECTIONS[code] ?? section}`;
}
