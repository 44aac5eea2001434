import { Module } from '@nestjs/common';

import { PrincipalController } from './principal.controller.js';
import { PrincipalService } from './principal.service.js';

@Module({ controllers: [PrincipalController], providers: [PrincipalService] })
export class PrincipalModule {}
