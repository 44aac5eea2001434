/** Injection token of `Settings`, which is an interface and has no class to stand for it. */
export const SETTINGS = Symbol('certkeep.settings');
