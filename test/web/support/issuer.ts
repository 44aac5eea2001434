import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';

export const CLIENT_ID = 'certkeep-pages';
const RESOURCE = 'urn:certkeep';

/** A real OpenID Connect issuer. People sign in with any name as their `sub`, and any password. */
export class Issuer {
  /** As long as tokens are valid; for the next one. */
  tokenSeconds = 3600;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Its access tokens are JWTs with these claims. */
  static async start(claims: Readonly<Record<string, unknown>>): Promise<Issuer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Issuer(server, url).withClaims(claims);
  }

  /** What the settings of a server need that trusts it. */
  get tokens() {
    return { keys: { jwksUrl: new URL('/jwks', this.url) }, issuer: this.url, audience: RESOURCE };
  }

  get signIn() {
    return { issuer: this.url, clientId: CLIENT_ID, scope: 'openid', resource: RESOURCE };
  }

  /** Its provider knows the address of the pages only when they are there. */
  serve(pages: string): void {
    this.provider = this.providerFor(pages);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private provider: Provider | undefined;
  private claims: Readonly<Record<string, unknown>> = {};

  private withClaims(claims: Readonly<Record<string, unknown>>): this {
    this.claims = claims;
    // The server asks for its keys when it starts, before the pages have an address.
    this.provider = this.providerFor('http://127.0.0.1');
    this.server.on('request', (request, response) => void this.provider?.callback()(request, response));
    return this;
  }

  private providerFor(pages: string): Provider {
    return new Provider(this.url, {
      clients: [
        {
          client_id: CLIENT_ID,
          token_endpoint_auth_method: 'none',
          application_type: 'native',
          redirect_uris: [`${pages}/console/`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [KEY] },
      renderError: (context, _members, error) => {
        context.body = String(error.stack);
      },
      cookies: { keys: ['of-tests'] },
      clientBasedCORS: () => true,
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
      extraTokenClaims: () => this.claims as Record<string, never>,
      ttl: { AccessToken: () => this.tokenSeconds, Session: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600 },
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: '',
            audience: RESOURCE,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    });
  }
}

const { privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
])) as CryptoKeyPair;
const KEY = { ...(await crypto.subtle.exportKey('jwk', privateKey)), kid: 'tests', use: 'sig', alg: 'ES256' };
