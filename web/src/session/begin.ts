import { finish, isResponse, leaveForIssuer, type Tokens } from './openid-connect.js';
import { hasIssuer, type SignInSettings } from './sign-in-settings.js';
import { claimsOf } from './token-claims.js';

/** Set when a person signs out, so that a reload does not sign them in again without a question. */
const SIGNED_OUT = 'certkeep.signed-out';

export type Beginning =
  | { readonly kind: 'signedIn'; readonly tokens: Tokens }
  | { readonly kind: 'signedOut'; readonly error?: unknown }
  /** The browser is on its way to the issuer. */
  | { readonly kind: 'leaving' };

/** Who uses the page, when it is loaded. A token is in the memory of one page, so a reload asks the issuer again. */
export async function begin(settings: SignInSettings): Promise<Beginning> {
  const linked = tokenFromAddress();
  // Elsewhere such a link would sign whoever opens it in as the person who made it.
  if (linked !== undefined && settings.embedded === true) return { kind: 'signedIn', tokens: linked };
  if (!hasIssuer(settings)) return { kind: 'signedOut' };
  try {
    if (isResponse()) {
      const response = await finish(settings);
      return response.kind === 'tokens' ? { kind: 'signedIn', tokens: response.tokens } : { kind: 'signedOut' };
    }
    if (sessionStorage.getItem(SIGNED_OUT) !== null) return { kind: 'signedOut' };
    await leaveForIssuer(settings, true);
    return { kind: 'leaving' };
  } catch (error) {
    return { kind: 'signedOut', error };
  }
}

export function rememberSignOut(isSignedOut: boolean): void {
  if (isSignedOut) sessionStorage.setItem(SIGNED_OUT, '');
  else sessionStorage.removeItem(SIGNED_OUT);
}

/** `/console/#token=…`, as the embedded mode prints it. The token is taken out of the address at once. */
function tokenFromAddress(): Tokens | undefined {
  const accessToken = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (accessToken === null) return undefined;
  history.replaceState(history.state, '', window.location.pathname + window.location.search);
  const { exp } = claimsOf(accessToken);
  return { accessToken, expires: exp === undefined ? undefined : exp * 1000, refreshToken: undefined };
}
