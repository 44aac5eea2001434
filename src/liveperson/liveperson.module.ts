import { Module } from '@nestjs/common';

import { KeystoresModule } from '../keystores/keystores.module.js';
import { MtlsCertificatesController } from './mtls-certificates.controller.js';
import { MtlsFilesController } from './mtls-files.controller.js';
import { MtlsReplacements } from './mtls-replacements.js';
import { P12TestController } from './p12-test.controller.js';

@Module({
  imports: [KeystoresModule],
  // The order matters: the second controller would treat `by-file` as an id.
  controllers: [MtlsFilesController, MtlsCertificatesController, P12TestController],
  providers: [MtlsReplacements],
})
export class LivepersonModule {}
