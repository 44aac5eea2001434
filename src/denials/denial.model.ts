/** What a gateway that remembers logins has to ask again (contract 15.8). */
export const DENIAL_KINDS = ['certificate', 'user', 'policy', 'trustAnchorSet', 'client'] as const;
export type DenialKind = (typeof DENIAL_KINDS)[number];

/**
 * What a change tells gateways. `value`: the SHA-256 of the certificate as a fingerprint, or the extId; null for the whole
 * client.
 */
export interface Denial {
  readonly kind: DenialKind;
  readonly value: string | null;
}

/** Of a change after which every login that succeeded still does. */
export const NO_DENIAL = { kind: null, value: null } as const;

/** The denial if the change may turn a login that succeeded into one that does not. */
export function denialIf(isPossible: boolean, denial: Denial): Denial | typeof NO_DENIAL {
  return isPossible ? denial : NO_DENIAL;
}
