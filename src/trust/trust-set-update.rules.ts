import { isDeepStrictEqual } from 'node:util';

import type { ErrorDetail } from '../common/errors.js';
import { CERTIFICATE_MEMBERS } from './trust-set.model.js';
import { TRUST_SET_MEMBERS, type TrustSetMembers } from './trust-set.table.js';

/** The members that were sent, with the DER of each certificate. */
export type TrustSetPatch = { readonly [Member in keyof TrustSetMembers]?: TrustSetMembers[Member] | undefined };

export interface ChangedTrustSet {
  readonly kind: 'changed';
  readonly next: TrustSetMembers;
  readonly changed: readonly (keyof TrustSetMembers)[];
}

type TrustSetDecision =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | { readonly kind: 'unchanged' }
  | ChangedTrustSet;

/** Decides on a PATCH of a set: both lists of certificates are replaced as a whole (contract 11.3, 3.1). */
export function decideTrustSetUpdate(current: TrustSetMembers, patch: TrustSetPatch): TrustSetDecision {
  const next: TrustSetMembers = {
    name: patch.name ?? current.name,
    description: patch.description === undefined ? current.description : patch.description,
    anchors: patch.anchors ?? current.anchors,
    intermediates: patch.intermediates ?? current.intermediates,
  };
  const [first, ...rest] = repeatedCertificates(next);
  if (first !== undefined) return { kind: 'refused', errors: [first, ...rest] };
  const changed = TRUST_SET_MEMBERS.filter((member) => !isDeepStrictEqual(next[member], current[member]));
  return changed.length === 0 ? { kind: 'unchanged' } : { kind: 'changed', next, changed };
}

/** A certificate that is in the set twice, in one list or in both: the second one would have no effect. */
export function repeatedCertificates(
  members: Pick<TrustSetMembers, (typeof CERTIFICATE_MEMBERS)[number]>,
): readonly ErrorDetail[] {
  const places = new Map<string, string>();
  const errors: ErrorDetail[] = [];
  for (const field of CERTIFICATE_MEMBERS) {
    for (const [index, der] of members[field].entries()) {
      const bytes = der.toString('latin1');
      const place = `certificate ${index + 1} of ${field}`;
      const before = places.get(bytes);
      if (before === undefined) places.set(bytes, place);
      else {
        const message = `C${place.slice(1)} is the same as ${before}; remove one of them.`;
        errors.push({ code: 'errors.invalidData', message, field, index });
      }
    }
  }
  return errors;
}
