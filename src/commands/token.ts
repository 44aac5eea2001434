import { signBearerToken } from '../auth/bearer-token.js';
import { signXToken } from '../auth/x-token.js';
import { SystemClock } from '../common/clock.js';
import { StartError } from '../common/start-error.js';
import { readSettings } from '../config/read-settings.js';
import type { Settings } from '../config/settings.js';
import { ignoreClosedOutput, print, reportAndExit } from './report.js';
import { readTokenArguments, TOKEN_HELP } from './token-arguments.js';

const DEFAULT_SECONDS = 3600;

async function run(args: readonly string[]): Promise<string> {
  const wanted = readTokenArguments(args, () => [...readSettings().roles.keys()]);
  if (wanted === undefined) return TOKEN_HELP;
  const settings = readSettings();
  requireEmbedded(settings);
  const now = new SystemClock().now();
  if (wanted.isXToken) {
    const { key, seconds } = settings.xToken;
    return await signXToken(key, wanted, now, wanted.seconds ?? seconds);
  }
  const token = await signBearerToken(settings.tokens, wanted, now, wanted.seconds ?? DEFAULT_SECONDS);
  if (token !== undefined) return token;
  throw new StartError(
    'JWT_PUBLIC_KEY_FILE or JWT_JWKS_URL is set: certkeep can check tokens, but only the owner of the private key can sign them.',
  );
}

function requireEmbedded({ database }: Settings): void {
  if (database.url === undefined) return;
  throw new StartError(
    'This command signs with the secret of the embedded mode only. With DATABASE_URL, tokens come from ' +
      'the identity provider whose key certkeep is configured with; unset it to create one for the embedded mode.',
  );
}

ignoreClosedOutput();
run(process.argv.slice(2)).then(print, reportAndExit);
