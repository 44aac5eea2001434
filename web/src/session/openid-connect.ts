import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  type Client,
  discoveryRequest,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';

import type { IssuerSettings } from './sign-in-settings.js';

const STORED = 'certkeep.sign-in';

/** What a request to the issuer leaves behind, for its response. Tokens are never stored. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly isSilent: boolean;
  /** The path, query and fragment to return to. */
  readonly returnTo: string;
}

export interface Tokens {
  readonly accessToken: string;
  /** In milliseconds since 1970; undefined if the issuer did not say. */
  readonly expires: number | undefined;
  readonly refreshToken: string | undefined;
}

export type Response =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  /** The issuer does not know who this is without asking. */
  | { readonly kind: 'interactionRequired' };

/** Errors of a silent request by which the issuer asks to speak to the person (OpenID Connect Core 1.0 section 3.1.2.6). */
const INTERACTION = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

const redirectUri = () => `${window.location.origin}/console/`;

/** The server accepts plain http for an issuer on its own machine only. */
const optionsOf = ({ issuer }: IssuerSettings) => ({ [allowInsecureRequests]: issuer.startsWith('http:') });

async function discover(settings: IssuerSettings): Promise<AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  return await processDiscoveryResponse(issuer, await discoveryRequest(issuer, optionsOf(settings)));
}

/** Leaves the page for the issuer. It comes back to `/console/` with `code` and `state`, or with `error`. */
export async function leaveForIssuer(settings: IssuerSettings, isSilent: boolean): Promise<void> {
  const { authorization_endpoint: endpoint } = await discover(settings);
  if (endpoint === undefined) throw new Error('The issuer has no authorization endpoint.');
  const { pathname, search, hash } = window.location;
  const pending: Pending = {
    state: generateRandomState(),
    nonce: generateRandomNonce(),
    verifier: generateRandomCodeVerifier(),
    isSilent,
    returnTo: pathname + search + hash,
  };
  const url = new URL(endpoint);
  const parameters: Readonly<Record<string, string | undefined>> = {
    client_id: settings.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: settings.scope ?? 'openid',
    resource: settings.resource,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    prompt: isSilent ? 'none' : undefined,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  sessionStorage.setItem(STORED, JSON.stringify(pending));
  window.location.assign(url);
}

/** Whether this address is one to which the issuer has sent the browser back. */
export function isResponse(): boolean {
  const { pathname, search } = window.location;
  const parameters = new URLSearchParams(search);
  return pathname === '/console/' && parameters.has('state') && (parameters.has('code') || parameters.has('error'));
}

/** Ends what `leaveForIssuer` began. The address is again the one that the person was at. */
export async function finish(settings: IssuerSettings): Promise<Response> {
  const url = new URL(window.location.href);
  const pending = takePending();
  history.replaceState(null, '', pending?.returnTo ?? '/console/');
  if (pending === undefined) throw new Error('This sign-in was not begun in this window.');
  const server = await discover(settings);
  const client: Client = { client_id: settings.clientId };
  try {
    const parameters = validateAuthResponse(server, client, url, pending.state);
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      None(),
      parameters,
      redirectUri(),
      pending.verifier,
      {
        ...optionsOf(settings),
        additionalParameters: settings.resource === undefined ? {} : { resource: settings.resource },
      },
    );
    const result = await processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    return { kind: 'tokens', tokens: tokensOf(result) };
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      if (pending.isSilent && INTERACTION.has(error.error)) return { kind: 'interactionRequired' };
      throw new Error(error.error_description ?? error.error, { cause: error });
    }
    throw error;
  }
}

/** New tokens for the refresh token of the former ones. */
export async function refresh(settings: IssuerSettings, refreshToken: string): Promise<Tokens> {
  const server = await discover(settings);
  const client: Client = { client_id: settings.clientId };
  const response = await refreshTokenGrantRequest(server, client, None(), refreshToken, {
    ...optionsOf(settings),
    additionalParameters: settings.resource === undefined ? {} : { resource: settings.resource },
  });
  const tokens = tokensOf(await processRefreshTokenResponse(server, client, response));
  // The former one holds on where the issuer sends no other (RFC 6749 section 6).
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}

function tokensOf(response: TokenEndpointResponse): Tokens {
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = response;
  return {
    accessToken,
    expires: seconds === undefined ? undefined : Date.now() + seconds * 1000,
    refreshToken,
  };
}

function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return text === null ? undefined : (JSON.parse(text) as Pending);
}
