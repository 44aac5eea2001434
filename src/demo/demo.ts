import { type BearerSubject, signBearerToken } from '../auth/bearer-token.js';
import { CertificatesService } from '../certificates/certificates.service.js';
import type { Caller } from '../common/actor.js';
import type { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import { generatedSecret } from '../config/generated-secrets.js';
import type { Settings } from '../config/settings.js';
import { DemoAuthority } from './demo-certificates.js';
import { ADMINISTRATOR, CLIENT, LAPTOP, PHONE, USER } from './demo-data.js';
import { writeDemoFiles } from './demo-files.js';
import { quickStart, type DemoTokens } from './quick-start.js';
import { type Application, demoCaller, seedDemo } from './seed.js';

/** Long enough for a day's trial. */
const TOKEN_SECONDS = 12 * 3600;

const SUBJECTS = {
  administrator: {
    userExtId: ADMINISTRATOR.extId,
    clientExtId: CLIENT.extId,
    roles: ['nevisIdm.Root'],
    dataRoom: ['*'],
  },
  user: { userExtId: USER.extId, clientExtId: CLIENT.extId, roles: ['nevisIdm.SelfAdmin'] },
} as const satisfies Record<string, BearerSubject>;

/**
 * Prepares the demo of the embedded mode: creates its data in an empty database, and returns the text to print once the
 * server listens. Undefined if there is nothing to try: the data was deleted, or certkeep cannot sign bearer tokens.
 */
export async function prepareDemo(
  app: Application,
  clock: Clock,
  settings: Settings,
): Promise<((address: string) => string) | undefined> {
  const now = clock.now();
  const caller = demoCaller(now);
  const { dataDirectory } = settings;
  const authority = await DemoAuthority.create(now, generatedSecret(dataDirectory, 'demo-ca'));
  const password = demoPassword(dataDirectory);
  try {
    await seedDemo(app, authority, password, caller);
  } catch (error) {
    // A limit in the settings, such as one credential per user. The server starts without the demo.
    if (!(error instanceof AppError) || error.code !== 'errors.policyViolation') throw error;
    return () => `\nThere is nothing to try out: ${error.message}`;
  }
  const tokens = await signTokens(settings, now);
  if (tokens === undefined || !(await isComplete(app, caller))) return undefined;
  const folder = await writeDemoFiles(dataDirectory, authority, await DemoAuthority.create(now));
  return (address) =>
    quickStart({ address, folder, dataDirectory, password, tokens, hasPages: settings.pages.enabled });
}

/** Stored with the secrets, because the database contains only its hash, and every start prints it. */
function demoPassword(dataDirectory: string): string {
  return generatedSecret(dataDirectory, 'demo-password').toString('utf8').slice(0, 20);
}

/** Whether the user still has both certificates. */
async function isComplete(app: Application, caller: Caller): Promise<boolean> {
  const certificates = app.get(CertificatesService);
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId };
  try {
    for (const { extId } of [LAPTOP, PHONE]) await certificates.read(caller, { ...path, extId });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'errors.noRecord') return false;
    throw error;
  }
}

async function signTokens({ tokens }: Settings, now: Date): Promise<DemoTokens | undefined> {
  const administrator = await signBearerToken(tokens, SUBJECTS.administrator, now, TOKEN_SECONDS);
  const user = await signBearerToken(tokens, SUBJECTS.user, now, TOKEN_SECONDS);
  if (administrator === undefined || user === undefined) return undefined;
  return {
    administrator,
    user,
    expires: new Date(now.getTime() + TOKEN_SECONDS * 1000),
  };
}
