import { Module } from '@nestjs/common';

import { StateChangeReasonsController } from './state-change-reasons.controller.js';

/** What every type of credential has in common. */
@Module({ controllers: [StateChangeReasonsController] })
export class CredentialsModule {}
