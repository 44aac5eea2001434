import { readFileSync } from 'node:fs';

import { Secret } from '../common/secret.js';
import { StartError } from '../common/start-error.js';

/**
 * The bearer token with which a command calls a server, from CERTKEEP_TOKEN or the file that CERTKEEP_TOKEN_FILE names.
 * It is never an argument, which other users of the machine could read.
 */
export function readCallerToken(variables: NodeJS.ProcessEnv = process.env): Secret<string> {
  const { CERTKEEP_TOKEN: direct = '', CERTKEEP_TOKEN_FILE: path = '' } = variables;
  if (direct !== '' && path !== '')
    throw new StartError('CERTKEEP_TOKEN and CERTKEEP_TOKEN_FILE are both set; set one.');
  const token = (path === '' ? direct : contentOf(path)).trim();
  if (token === '') throw new StartError('CERTKEEP_TOKEN is missing: the bearer token for the server.');
  // What a header could not hold, or a token that was pasted with its scheme.
  if (!/^[\w.~+/=-]+$/.test(token)) throw new StartError('CERTKEEP_TOKEN is not a bearer token; leave out "Bearer ".');
  return new Secret(token);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(
      `CERTKEEP_TOKEN_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  }
}
