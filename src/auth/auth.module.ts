import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Logger } from 'pino';

import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.token.js';
import { Scheduler } from '../common/scheduler.js';
import { type Settings, SETTINGS, type TokenKeys } from '../config/settings.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { AccessGuard } from './access.guard.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { ClaimWarnings } from './claim-warnings.js';
import { FetchedKeys, fetchKeySet } from './fetched-keys.js';
import { FirstKeys } from './first-keys.js';
import { ConfiguredKey, type KeySource } from './key-source.js';
import { XTokenVerifier } from './x-token-verifier.js';

const KEY_SOURCE = Symbol('certkeep.key-source');

@Module({
  imports: [OutgoingModule],
  providers: [
    {
      provide: KEY_SOURCE,
      useFactory: ({ tokens }: Settings, client: OutgoingClient, logger: Logger) =>
        keySourceOf(tokens.keys, client, logger),
      inject: [SETTINGS, OutgoingClient, LOGGER],
    },
    {
      provide: FirstKeys,
      useFactory: (keys: KeySource, scheduler: Scheduler, clock: Clock) =>
        new FirstKeys(keys instanceof FetchedKeys ? keys : undefined, scheduler, clock),
      inject: [KEY_SOURCE, Scheduler, Clock],
    },
    {
      provide: BearerAuthenticator,
      useFactory: ({ tokens, roles }: Settings, keys: KeySource, logger: Logger) =>
        new BearerAuthenticator(tokens, keys, roles, new ClaimWarnings(logger)),
      inject: [SETTINGS, KEY_SOURCE, LOGGER],
    },
    {
      provide: XTokenVerifier,
      useFactory: (settings: Settings) => new XTokenVerifier(settings.xToken),
      inject: [SETTINGS],
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [FirstKeys],
})
export class AuthModule {}

function keySourceOf(keys: TokenKeys, client: OutgoingClient, logger: Logger): KeySource {
  if (!('jwksUrl' in keys)) return new ConfiguredKey(keys);
  return new FetchedKeys(
    async () => await fetchKeySet(client, keys.jwksUrl),
    (reason) => logger.warn({ reason }, 'the keys of JWT_JWKS_URL could not be fetched'),
  );
}
