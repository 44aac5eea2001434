import type { SecretVault, Unavailable, UnavailableReason } from '../../src/vault/secret-vault.js';

const CALLS = ['write', 'read', 'readMetadata', 'list', 'softDelete', 'destroy', 'erase'] as const;
export type VaultCall = (typeof CALLS)[number];

type Hook = (call: VaultCall) => Promise<UnavailableReason | void>;
type Call = (...parameters: unknown[]) => Promise<{ readonly outcome: string }>;

const unavailable = (reason: UnavailableReason): Unavailable => ({ outcome: 'unavailable', reason });

/** Sees every call of an application's vault, and has it fail as a test wants. */
export interface VaultControl {
  readonly calls: VaultCall[];
  /** From now on; `undefined` makes it answer again. */
  fail(reason: UnavailableReason | undefined): void;
  /** Calls do what they should, and nobody hears of it. */
  loseAnswers(lose: boolean): void;
  /** Before a call goes on; it fails where the hook says why. */
  before(hook: Hook | undefined): void;
}

export function controlVault(vault: SecretVault): VaultControl {
  const calls: VaultCall[] = [];
  let failure: UnavailableReason | undefined;
  let losing = false;
  let hook: Hook | undefined;
  const wrapped = vault as unknown as Record<VaultCall, Call>;
  for (const name of CALLS) {
    const original = wrapped[name].bind(vault);
    wrapped[name] = async (...parameters) => {
      calls.push(name);
      const reason = (await hook?.(name)) ?? failure;
      if (reason !== undefined) return unavailable(reason);
      const answer = await original(...parameters);
      return losing ? unavailable('timeout') : answer;
    };
  }
  return {
    calls,
    fail: (reason) => (failure = reason),
    loseAnswers: (lose) => (losing = lose),
    before: (next) => (hook = next),
  };
}
