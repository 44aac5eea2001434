/** Version of the product. A test compares it with package.json, which is not part of the built server. */
export const VERSION = '0.1.0';
