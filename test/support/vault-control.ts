import type { SecretVault, Unavailable, UnavailableReason } from '../../src/vault/secret-vault.js';

const CALLS = ['write', 'read', 'readMetadata', 'list', 'softDelete', 'destroy', 'erase'] as const;
export type VaultCall = (typeof CALLS)[number];

type Hook = (call: VaultCall) => Promise<UnavailableReason | void>;
type Call = (...parameters: unknown[]) => Promise<{ readonly outcome: string }>;

const unavailable = (reason: UnavailableReason): Unavailable => ({ outcome: 'unavailable', reason });

/** Records every call to an application's vault, and makes calls fail. */
export interface VaultControl {
  readonly calls: VaultCall[];
  /** Makes all calls fail; `undefined` makes them work again. */
  fail(reason: UnavailableReason | undefined): void;
  /** Makes calls take effect, but time out. */
  loseAnswers(lose: boolean): void;
  /** Sets a hook that runs before each call; the call fails with the reason that it returns. */
  before(hook: Hook | undefined): void;
}

export function controlVault(vault: SecretVault): VaultControl {
  const calls: VaultCall[] = [];
  let failure: UnavailableReason | undefined;
  let isLosingAnswers = false;
  let hook: Hook | undefined;
  const wrapped = vault as unknown as Record<VaultCall, Call>;
  for (const name of CALLS) {
    const original = wrapped[name].bind(vault);
    wrapped[name] = async (...parameters) => {
      calls.push(name);
      const reason = (await hook?.(name)) ?? failure;
      if (reason !== undefined) return unavailable(reason);
      const answer = await original(...parameters);
      return isLosingAnswers ? unavailable('timeout') : answer;
    };
  }
  return {
    calls,
    fail: (reason) => (failure = reason),
    loseAnswers: (lose) => (isLosingAnswers = lose),
    before: (next) => (hook = next),
  };
}
