import type { Request } from 'express';

import type { Actor, VerifiedXToken } from '../common/actor.js';
import { xTokenRequired } from '../common/errors.js';
import type { XTokenSettings } from '../config/settings.js';
import { repeated, singleHeader } from '../http/headers.js';
import { ConfiguredKey } from './key-source.js';
import { TokenVerifier } from './token-verifier.js';
import { PASSWORD_CLAIM, X_TOKEN_AUDIENCE } from './x-token.js';

/** Contract 4.5: the raw JWT of the header `X-Token`, sent once, and issued to the user who is calling. */
export class XTokenVerifier {
  private readonly verifier: TokenVerifier;

  constructor(settings: XTokenSettings) {
    this.verifier = new TokenVerifier({
      keys: new ConfiguredKey({ key: settings.key, algorithms: ['HS256'] }),
      audience: X_TOKEN_AUDIENCE,
      requiredClaims: ['sub', 'client_ext_id', 'iat', 'jti'],
    });
  }

  /** Undefined if none was sent; 401 if it is not valid. */
  async verify(request: Request, actor: Actor, now: Date): Promise<VerifiedXToken | undefined> {
    const token = singleHeader(request, 'x-token');
    if (token === undefined) return undefined;
    if (token === repeated) throw xTokenRequired('sent twice');
    let claims;
    try {
      ({ claims } = await this.verifier.verify(token, now));
    } catch (reason) {
      throw xTokenRequired((reason as Error).message);
    }
    if (claims['sub'] !== actor.userExtId || claims['client_ext_id'] !== actor.clientExtId) {
      throw xTokenRequired('of another user');
    }
    const passwordGeneration = claims[PASSWORD_CLAIM];
    return {
      issuedAt: new Date(Number(claims['iat']) * 1000),
      passwordGeneration: typeof passwordGeneration === 'string' ? passwordGeneration : undefined,
    };
  }
}
