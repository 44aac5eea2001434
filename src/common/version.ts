/** Of the product; a test holds it against package.json, which the built server does not have beside it. */
export const VERSION = '0.1.0';
