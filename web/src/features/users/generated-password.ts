/** Without letters and digits that look alike, as it may be read out on the telephone. */
const CHARACTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

/** Of nearly 100 random bits, in groups: `k7mq-…`. */
export function generatedPassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LENGTH));
  const text = Array.from(random, (octet) => CHARACTERS[octet % CHARACTERS.length]).join('');
  return text.match(/.{4}/g)?.join('-') ?? text;
}
