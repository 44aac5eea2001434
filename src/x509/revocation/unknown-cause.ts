/** Why a CRL does not prove a status, in the order of the steps: the last one came closest. */
export const UNKNOWN_CODES = [
  'crlMissing',
  'crlUnusable',
  'crlScope',
  'crlNotYetValid',
  'crlExpired',
  'crlIssuer',
  'crlSignature',
  'crlReasons',
  'budget',
] as const;

export interface UnknownCause {
  readonly code: (typeof UNKNOWN_CODES)[number];
  /** `RFC 5280 section 6.3.3 (f)`. */
  readonly section: string;
  /** One fixed sentence, never with text from the CRL. */
  readonly detail: string;
}
