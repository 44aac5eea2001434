/** Lists of issuers and elements are the longest values; the body's own limit comes soon after. */
export const PARAMETER_LIMITS = { names: 100, nameLength: 100, valueLength: 10_000 };
