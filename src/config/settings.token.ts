/** Injection token of `Settings`, which is an interface and therefore cannot be its own token. */
export const SETTINGS = Symbol('certkeep.settings');
