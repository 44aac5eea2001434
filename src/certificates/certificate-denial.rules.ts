import type { CredentialState } from '../credentials/credential-state.rules.js';
import { allowsLogins } from '../credentials/login.rules.js';
import { type Denial, denialIf, type NO_DENIAL } from '../denials/denial.model.js';
import { colonHex } from '../x509/certificate/colon-hex.js';

/** What of a credential decides whether a login with its certificate succeeds. */
export interface DeniableCredential extends Pick<CredentialState, 'state' | 'lock' | 'lockedUntil' | 'disabledOn'> {
  readonly sha256: Buffer;
  readonly policyExtId: string;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** A gateway that remembers a login with this certificate has to ask again. */
export function denialOf({ sha256 }: Pick<DeniableCredential, 'sha256'>): Denial {
  return { kind: 'certificate', value: colonHex(sha256) };
}

/** What a change of a credential tells gateways (contract 15.8): the certificate as it was. */
export function denialOfChange(before: DeniableCredential, after: DeniableCredential): Denial | typeof NO_DENIAL {
  const isSame =
    before.sha256.equals(after.sha256) &&
    before.state === after.state &&
    before.lock === after.lock &&
    before.policyExtId === after.policyExtId &&
    isSameTime(before.lockedUntil, after.lockedUntil) &&
    isSameTime(before.disabledOn, after.disabledOn) &&
    isSameTime(before.validFrom, after.validFrom) &&
    isSameTime(before.validTo, after.validTo);
  return denialIf(allowsLogins(before.state) && !isSame, denialOf(before));
}

function isSameTime(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
