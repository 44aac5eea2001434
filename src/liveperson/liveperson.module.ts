import { Module } from '@nestjs/common';

import { KeystoresModule } from '../keystores/keystores.module.js';

@Module({ imports: [KeystoresModule] })
export class LivepersonModule {}
