import type { NestExpressApplication } from '@nestjs/platform-express';

import type { Settings } from '../config/settings.js';
import type { TlsSettings } from '../config/tls-settings.js';
import type { QuickStart } from '../demo/quick-start.js';
import type { Runtime } from '../runtime.module.js';
import type { ListeningPlace } from './listening-sockets.js';
import { print } from './report.js';

export function isEmbedded({ database }: Settings): boolean {
  return database.url === undefined;
}

/** The demo's are made only without a setting for TLS; the code for that is loaded only then, as below. */
export async function tlsSettingsOf({ settings, clock }: Runtime): Promise<TlsSettings | undefined> {
  if (settings.tls !== undefined || !isEmbedded(settings)) return settings.tls;
  const { demoTls } = await import('../demo/demo-tls.js');
  return await demoTls(settings.dataDirectory, settings.port, clock.now());
}

/** Loaded only in the embedded mode, because the code that makes certificates is as large as everything else. */
export async function prepareDemo(
  app: NestExpressApplication,
  { clock, settings }: Runtime,
): Promise<QuickStart | undefined> {
  if (!isEmbedded(settings)) return undefined;
  const demo = await import('../demo/demo.js');
  return await demo.prepareDemo(app, clock, settings);
}

/** Nobody has asked for the port of the embedded mode, so that another one will do. */
export async function tlsOrFreePort<Result>(
  { host, tls }: Settings,
  { port }: TlsSettings,
  open: (place: ListeningPlace) => Promise<Result>,
): Promise<Result> {
  const place = { host, port, setting: 'TLS_PORT' } as const;
  return await open(place).catch(async (error: unknown) => {
    if (tls !== undefined) throw error;
    print(`Port ${port} on ${host} is taken, so TLS gets another port.`);
    return await open({ ...place, port: 0 });
  });
}
