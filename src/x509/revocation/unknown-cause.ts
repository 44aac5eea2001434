/** Why nothing proves a status, in the order of the steps: the last one came closest. */
export const UNKNOWN_CODES = [
  'missing',
  'crlUnusable',
  'ocspUnusable',
  'crlScope',
  'crlNotYetValid',
  'ocspNotYetValid',
  'crlExpired',
  'ocspExpired',
  'crlIssuer',
  'ocspSigner',
  'ocspDelegate',
  'crlSignature',
  'ocspSignature',
  'crlReasons',
  'ocspUnknown',
  'budget',
] as const;

export interface UnknownCause {
  readonly code: (typeof UNKNOWN_CODES)[number];
  /** `RFC 5280 section 6.3.3 (f)`. */
  readonly section: string;
  /** One fixed sentence, never with text from the CRL or the response. */
  readonly detail: string;
}

export const MISSING: UnknownCause = {
  code: 'missing',
  section: 'RFC 5280 section 6.3.3',
  detail: 'There is no OCSP response about the certificate, and no CRL of an issuer that is responsible for it.',
};

export const EXHAUSTED: UnknownCause = {
  code: 'budget',
  section: 'RFC 5280 section 6.3.3',
  detail: 'The check of revocation took more steps than are allowed.',
};

export function closest(one: UnknownCause, other: UnknownCause): UnknownCause {
  return UNKNOWN_CODES.indexOf(other.code) > UNKNOWN_CODES.indexOf(one.code) ? other : one;
}
