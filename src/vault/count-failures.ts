import type { SecretVault, Unavailable } from './secret-vault.js';

/** The same vault, which counts its calls that end as `unavailable`, by reason. */
export function countFailures<Vault extends SecretVault>(vault: Vault): Vault {
  return new Proxy(vault, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...parts: readonly unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, parts);
        if (result instanceof Promise) void result.then((outcome: unknown) => count(target, outcome), ignore);
        return result;
      };
    },
  });
}

function count({ failures }: SecretVault, outcome: unknown): void {
  const { outcome: kind, reason } = Object(outcome) as Partial<Unavailable>;
  if (kind === 'unavailable' && reason !== undefined) failures[reason] += 1;
}

/** Whoever has called handles the error. */
function ignore(): void {}
