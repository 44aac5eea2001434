import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const deriveKey = promisify(argon2);

/** RFC 9106; `memory` in KiB. */
interface Costs {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The least that OWASP's password storage guidance asks of argon2id with one lane: 19 MiB, two passes. */
export const COSTS: Costs = { memory: 19 * 1024, passes: 2, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, the PHC string format; base64 without padding. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Off the main thread, some 20 ms and 19 MiB; the caller bounds how many run at once. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return formatPhc(COSTS, salt, await derive(password, COSTS, salt, TAG_BYTES));
}

/** A hash of the usual costs that no password is known to have. */
export function hashOfNothing(): string {
  return formatPhc(COSTS, randomBytes(SALT_BYTES), randomBytes(TAG_BYTES));
}

/** Whether this is the password, at the cost that its hash names. Throws where the text is no hash of ours. */
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
  // The hash itself stays out of the message: a log is no place for it.
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
