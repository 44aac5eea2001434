/** Texts by names that the caller has chosen, as they are answered. */
export const TEXT_MAP_SCHEMA = { type: 'object', additionalProperties: { type: 'string' } } as const;
