import { isLoopbackHost } from '../common/loopback.js';
import type { Environment } from './environment.js';

export interface PageSettings {
  /** Whether this server serves the console and self-service. */
  readonly enabled: boolean;
  /** Absent: people sign in only with links of the embedded mode. */
  readonly signIn: SignInSettings | undefined;
}

/** The pages are a public client of this issuer (OpenID Connect Core 1.0). */
interface SignInSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Of RFC 8707, for issuers that need it to issue a JWT for this server. */
  readonly resource: string | undefined;
}

export function readPages(environment: Environment): PageSettings {
  const enabled = environment.choice('CONSOLE', ['on', 'off'], 'on') === 'on';
  const issuer = environment.text('OIDC_ISSUER');
  const clientId = environment.text('OIDC_CLIENT_ID');
  const scope = environment.text('OIDC_SCOPE', 'openid');
  const resource = environment.text('OIDC_RESOURCE');
  if ((issuer === undefined) !== (clientId === undefined)) {
    environment.problem('OIDC_ISSUER and OIDC_CLIENT_ID must be set together.');
  }
  if (issuer !== undefined && !isSafeIssuer(issuer)) {
    environment.problem(
      'OIDC_ISSUER must be an https URL without credentials, query and fragment; http is allowed only for this machine.',
    );
  }
  if (resource !== undefined && !URL.canParse(resource)) environment.problem('OIDC_RESOURCE must be an absolute URI.');
  if (!scope.split(' ').includes('openid')) environment.problem('OIDC_SCOPE must contain openid.');
  const signIn = issuer === undefined || clientId === undefined ? undefined : { issuer, clientId, scope, resource };
  return { enabled, signIn };
}

/** Anyone who can change the issuer's responses can read what people do on the pages. */
function isSafeIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  return isSafe && username + password + search + hash === '';
}
