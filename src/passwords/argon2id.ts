import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const deriveKey = promisify(argon2);

/** RFC 9106; `memory` in KiB. */
interface Costs {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The minimum of OWASP's password storage guidance for argon2id with one lane: 19 MiB, two passes. */
export const COSTS: Costs = { memory: 19 * 1024, passes: 2, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, the PHC string format; base64 without padding. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Runs off the main thread, takes about 20 ms and 19 MiB. The caller limits how many run at once. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return formatPhc(COSTS, salt, await derive(password, COSTS, salt, TAG_BYTES));
}

/** A hash with the usual costs for which no password is known. */
export function decoyHash(): string {
  return formatPhc(COSTS, randomBytes(SALT_BYTES), randomBytes(TAG_BYTES));
}

/**
 * Whether this is the password; costs as much as the parameters in the hash say. Throws if the text is not a hash of
 * this server.
 */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  const { costs, salt, tag } = parsePhc(phc);
  return timingSafeEqual(await derive(password, costs, salt, tag.length), tag);
}

async function derive(password: string, costs: Costs, salt: Buffer, tagLength: number): Promise<Buffer> {
  return await deriveKey('argon2id', { message: password, nonce: salt, tagLength, ...costs });
}

function formatPhc({ memory, passes, parallelism }: Costs, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

function parsePhc(phc: string): { costs: Costs; salt: Buffer; tag: Buffer } {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(phc) ?? [];
  // The hash must not appear in the message, because messages are logged.
  if (memory === undefined) throw new Error('A stored password hash is not in the PHC form of argon2id.');
  return {
    costs: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
