import type { Pool } from 'pg';

import { AuditLogUpkeep } from '../../audit/audit-log-upkeep.js';
import { createApp } from '../../bootstrap.js';
import type { Settings } from '../../config/settings.js';
import type { TlsSettings } from '../../config/tls-settings.js';
import type { QuickStart } from '../../demo/quick-start.js';
import type { LogOutput } from '../../http/log-output.js';
import { prepareDemo, tlsSettingsOf } from '../embedded-mode.js';
import { runtimeOf } from '../server-runtime.js';

/** Makes what the embedded mode offers, with an application that does not listen. It closes the pool. */
export async function prepareEmbedded(
  settings: Settings,
  pool: Pool,
  output: LogOutput,
): Promise<{ readonly tls: TlsSettings | undefined; readonly quickStart: QuickStart | undefined }> {
  const runtime = runtimeOf(settings, pool, output);
  const app = await createApp(runtime);
  try {
    await app.get(AuditLogUpkeep).prepare();
    return { tls: await tlsSettingsOf(runtime), quickStart: await prepareDemo(app, runtime) };
  } finally {
    await app.close();
  }
}
