import { Module, type OnApplicationShutdown } from '@nestjs/common';

import { OutgoingClient } from './outgoing-client.js';

@Module({ providers: [OutgoingClient], exports: [OutgoingClient] })
export class OutgoingModule implements OnApplicationShutdown {
  constructor(private readonly client: OutgoingClient) {}

  onApplicationShutdown(): void {
    this.client.close();
  }
}
