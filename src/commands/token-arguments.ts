import { parseArgs } from 'node:util';

import { isExternalId } from '../common/external-id.js';
import { PERMISSIONS, permissionFromWire, permissionToWire } from '../common/permission.js';
import { UsageError } from './report.js';

export interface TokenArguments {
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly roles: readonly string[];
  /** With the prefix, as in a token. */
  readonly permissions: readonly string[];
  readonly dataRoom: readonly string[] | undefined;
  /** Undefined: the default for the kind of token. */
  readonly seconds: number | undefined;
  readonly isXToken: boolean;
}

export const TOKEN_HELP = `Usage: npm run -s token -- --sub USER [options]

Prints one token and nothing else, signed with the secret of the embedded mode.

  --sub USER          extId of the caller; required
  --client CLIENT     the caller's own client; default: 100
  --role ROLE         such as nevisIdm.UserAdmin; may be repeated
  --permission RIGHT  such as CredentialView; may be repeated
  --data-room CLIENT  a client in the data room, or "*"; default: the caller's own
  --expires TIME      such as 90s, 30m, 1h, 7d; default: 1h
  --x-token           an X-Token instead, which a user sends in addition to their own token (SelfAdmin)
  --help`;

const OPTIONS = {
  sub: { type: 'string' },
  client: { type: 'string', default: '100' },
  role: { type: 'string', multiple: true, default: [] as string[] },
  permission: { type: 'string', multiple: true, default: [] as string[] },
  'data-room': { type: 'string', multiple: true },
  expires: { type: 'string' },
  'x-token': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Undefined if help was requested. `knownRoles` returns the roles that the server knows. */
export function readTokenArguments(
  args: readonly string[],
  knownRoles: () => readonly string[],
): TokenArguments | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { sub, client, role: roles, 'data-room': dataRoom, 'x-token': isXToken } = values;
  if (sub === undefined) throw new UsageError(`--sub is missing: the extId of the caller.\n\n${TOKEN_HELP}`);
  for (const [option, id] of [
    ['--sub', sub],
    ['--client', client],
  ] as const) {
    if (!isExternalId(id))
      throw new UsageError(`${option} must be an extId, such as ${option === '--sub' ? 'jane' : '100'}.`);
  }
  const unreachable = dataRoom?.find((room) => room !== '*' && !isExternalId(room));
  if (unreachable !== undefined) {
    throw new UsageError('--data-room must be the extId of a client, such as 100, or "*" for all clients.');
  }
  if (isXToken && (roles.length > 0 || values.permission.length > 0 || dataRoom !== undefined)) {
    throw new UsageError(
      '--x-token cannot be combined with --role, --permission or --data-room: an X-Token has no rights.',
    );
  }
  requireRoles(roles, knownRoles);
  return {
    userExtId: sub,
    clientExtId: client,
    roles,
    permissions: values.permission.map(readPermission),
    dataRoom,
    seconds: values.expires === undefined ? undefined : readSeconds(values.expires),
    isXToken,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${TOKEN_HELP}`);
  }
}

function requireRoles(roles: readonly string[], knownRoles: () => readonly string[]): void {
  const known = roles.length > 0 ? knownRoles() : [];
  const unknown = roles.find((role) => !known.includes(role));
  if (unknown !== undefined) throw new UsageError(`There is no role ${unknown}. The roles are ${known.join(', ')}.`);
}

/** Accepts a permission with or without the prefix. */
function readPermission(name: string): string {
  const permission = permissionFromWire(name) ?? PERMISSIONS.find((known) => known === name);
  if (permission !== undefined) return permissionToWire(permission);
  throw new UsageError(`There is no permission ${name}. The permissions are ${PERMISSIONS.join(', ')}.`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_SECONDS = 366 * 86_400;

function readSeconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
  if (seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new UsageError('--expires must be a time such as 90s, 30m, 1h or 7d, at most 366d.');
}
