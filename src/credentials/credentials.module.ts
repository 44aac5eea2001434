import { Module } from '@nestjs/common';

import { StateChangeReasonsController } from './state-change-reasons.controller.js';

/** What all types of credential have in common. */
@Module({ controllers: [StateChangeReasonsController] })
export class CredentialsModule {}
