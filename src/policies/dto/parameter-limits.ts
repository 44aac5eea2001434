/** The longest values are lists of issuers and elements; the limit of the body is not much higher. */
export const PARAMETER_LIMITS = { names: 100, nameLength: 100, valueLength: 10_000 };
