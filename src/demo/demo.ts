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
import { type DemoTokens, quickStart, type QuickStart } from './quick-start.js';
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
export async function prepareDemo(app: Application, clock: Clock, settings: Settings): Promise<QuickStart | undefined> {
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
  const serial = await laptopSerial(app, caller);
  if (tokens === undefined || serial === undefined) return undefined;
  const folder = await writeDemoFiles(dataDirectory, authority, await DemoAuthority.create(now));
  const hasPages = settings.pages.enabled;
  return (address, tls) => quickStart({ address, tls, folder, dataDirectory, password, tokens, serial, hasPages });
}

/** Stored with the secrets, because the database contains only its hash, and every start prints it. */
function demoPassword(dataDirectory: string): string {
  return generatedSecret(dataDirectory, 'demo-password').toString('utf8').slice(0, 20);
}

/** Undefined unless the user still has both certificates that the commands need. */
async function laptopSerial(app: Application, caller: Caller): Promise<string | undefined> {
  const certificates = app.get(CertificatesService);
  const path = { clientExtId: CLIENT.extId, userExtId: USER.extId };
  try {
    await certificates.read(caller, { ...path, extId: PHONE.extId });
    return (await certificates.read(caller, { ...path, extId: LAPTOP.extId })).serial;
  } catch (error) {
    if (error instanceof AppError && error.code === 'errors.noRecord') return undefined;
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
