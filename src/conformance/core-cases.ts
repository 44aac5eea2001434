/** Groups of x509-limbo about what RFC 5280 section 6 decides, or that hold whole paths from the field. */
const CORE_GROUPS = ['cve::', 'invalid::', 'online::', 'pathlen::', 'pathological::', 'rfc5280::'];

/** What RFC 5280 section 4 asks of those who issue certificates; section 6 does not validate it. */
const ISSUER_RULES = [
  'rfc5280::aki::',
  'rfc5280::serial::',
  'rfc5280::ski::',
  'rfc5280::ee-critical-aia-invalid',
  'rfc5280::nc::permitted-dns-match-noncritical',
  'rfc5280::pc::ica-noncritical-pc',
  'rfc5280::root-non-critical-basic-constraints',
];

/**
 * Whether a case of x509-limbo is about RFC 5280's path validation alone: nothing of the web PKI, no revocation, no
 * rule for issuers. Of the complete suite, these are 129 cases.
 */
export function isCoreCase(id: string): boolean {
  const startsWith = (group: string) => id.startsWith(group);
  return CORE_GROUPS.some(startsWith) && !ISSUER_RULES.some(startsWith);
}

/** Sections of PKITS about CRLs, and the cases of other sections that only a CRL decides. */
const REVOCATION = /^Section(4|14|15)[A-Z]|^Section5Invalid|cRLSignFalse/;

/** Whether the expected result of a PKITS case, by its name, presumes that its CRLs are checked. */
export function isRevocationCase(name: string): boolean {
  return REVOCATION.test(name);
}
