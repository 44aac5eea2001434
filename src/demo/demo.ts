import { type BearerSubject, signBearerToken } from '../commands/bearer-token.js';
import type { Clock } from '../common/clock.js';
import type { Settings } from '../config/settings.js';
import type { Database } from '../database/database.js';
import { DemoAuthority } from './demo-certificates.js';
import { ADMINISTRATOR, CLIENT, LAPTOP, PHONE, USER } from './demo-data.js';
import { writeDemoFiles } from './demo-files.js';
import { demoPassword } from './demo-password.js';
import { COUNT_CREDENTIALS } from './demo.queries.js';
import { quickStart, type DemoTokens } from './quick-start.js';
import { seedDemo } from './seed.js';

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
  database: Database,
  clock: Clock,
  settings: Settings,
): Promise<((address: string) => string) | undefined> {
  const now = clock.now();
  const authority = await DemoAuthority.create(now);
  const { dataDirectory } = settings;
  const password = demoPassword(dataDirectory);
  await seedDemo(database, authority, password, now);
  const tokens = await signTokens(settings, now);
  if (tokens === undefined || !(await demoExists(database))) return undefined;
  const folder = await writeDemoFiles(dataDirectory, authority);
  return (address) => quickStart({ address, folder, dataDirectory, password, tokens });
}

async function demoExists(database: Database): Promise<boolean> {
  const found = await COUNT_CREDENTIALS.first(database, {
    clientExtId: CLIENT.extId,
    userExtId: USER.extId,
    extIds: [LAPTOP.extId, PHONE.extId],
  });
  return found?.count === 2;
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
