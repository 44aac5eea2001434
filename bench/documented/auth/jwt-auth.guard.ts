import { readFileSync } from 'node:fs';

import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { ExtractJwt, Strategy, type VerifiedCallback } from 'passport-jwt';

export interface JwtUser {
  readonly userId: string;
  readonly clientId: string;
}

interface Payload {
  readonly sub: string;
  readonly client_ext_id: string;
}

/** Does what `AuthGuard('jwt')` of @nestjs/passport does for the documented JwtStrategy with a string as its secret. */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  private readonly strategy = new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      secretOrKey: readFileSync(process.env['JWT_SECRET_FILE'] ?? '', 'utf8'),
    },
    (payload: Payload, done: VerifiedCallback) => done(null, { userId: payload.sub, clientId: payload.client_ext_id }),
  );

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user?: JwtUser }>();
    request.user = await new Promise<JwtUser>((resolve, reject) => {
      const outcome = { success: resolve, fail: () => reject(new UnauthorizedException()), error: reject };
      const attempt = Object.assign(Object.create(this.strategy) as Strategy, outcome);
      attempt.authenticate(request);
    });
    return true;
  }
}
