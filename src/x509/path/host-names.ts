const MAX_HOST_LENGTH = 253;
const HOST = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const NUMBER = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const VISIBLE_ASCII = /^[!-~]*$/;
const SCHEME = /^[a-z][a-z0-9+.-]*$/i;
const USER_INFORMATION = /^[a-z0-9._~!$&'()*+,;=:%-]*$/i;
const PORT = /^[0-9]*$/;

/**
 * A host name in lower case, undefined if it is not in the preferred syntax of RFC 1034 section 3.5 (underscores are
 * tolerated): no empty label, hence no dot at the start or the end, no wildcard, nothing beyond ASCII, at most 253
 * characters. An A-label is compared like any other label (RFC 9549 section 2.2).
 */
export function readHost(text: string): string | undefined {
  if (text.length > MAX_HOST_LENGTH) return undefined;
  const host = text.toLowerCase();
  return HOST.test(host) ? host : undefined;
}

/**
 * The host of a URI in lower case, undefined if it has none that is a fully qualified domain name, in which case RFC
 * 5280 section 4.2.1.10 requires a constrained certificate to be rejected: no authority, an IP address with or without
 * brackets or a zone, a single label. A URI that different readers could take apart differently has none either.
 */
export function readUriHost(uri: string): string | undefined {
  if (!VISIBLE_ASCII.test(uri) || uri.includes('\\')) return undefined;
  const colon = uri.indexOf(':');
  if (colon < 0 || !SCHEME.test(uri.slice(0, colon)) || !uri.startsWith('//', colon + 1)) return undefined;
  const authority = uri.slice(colon + 3).split(/[/?#]/, 1)[0] ?? '';
  const at = authority.lastIndexOf('@');
  if (!USER_INFORMATION.test(authority.slice(0, Math.max(at, 0)))) return undefined;
  const [name = '', port = '', ...rest] = authority.slice(at + 1).split(':', 3);
  if (rest.length > 0 || !PORT.test(port)) return undefined;
  const host = readHost(name);
  return host !== undefined && isFullyQualified(host) ? host : undefined;
}

/** A last label that is a number makes it an IP address for many readers: `127.1`, `0x7f.0x1`. */
function isFullyQualified(host: string): boolean {
  const dot = host.lastIndexOf('.');
  return dot > 0 && !NUMBER.test(host.slice(dot + 1));
}

/** Whether `host` is a real subdomain of `domain`. */
export function isBelow(host: string, domain: string): boolean {
  return host.endsWith(domain) && host.at(-domain.length - 1) === '.';
}
