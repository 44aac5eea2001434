/**
 * The Content-Security-Policy of the pages. Nothing of them is inline, and scripts may connect to this server and to the
 * issuer that people sign in at.
 */
export function pagePolicy(origins: readonly string[]): string {
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return directives.join('; ');
}
