import { type FactoryProvider, Module, type OnApplicationShutdown } from '@nestjs/common';

import { type Settings, SETTINGS } from '../config/settings.js';
import { OutgoingClient } from './outgoing-client.js';

const outgoingClient: FactoryProvider<OutgoingClient> = {
  provide: OutgoingClient,
  inject: [SETTINGS],
  useFactory: ({ outgoingAllow }: Settings) => new OutgoingClient(outgoingAllow),
};

@Module({ providers: [outgoingClient], exports: [OutgoingClient] })
export class OutgoingModule implements OnApplicationShutdown {
  constructor(private readonly client: OutgoingClient) {}

  onApplicationShutdown(): void {
    this.client.close();
  }
}
