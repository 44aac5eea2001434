import { randomFillSync } from 'node:crypto';

const COUNTER_BITS = 12;
const COUNTER_LIMIT = 1 << COUNTER_BITS;

const RANDOM_OCTETS = 8;

/** Asking the system for random octets takes longer than making a UUID of them. */
const random = Buffer.alloc(512 * RANDOM_OCTETS);
let used = random.length;

let lastMilliseconds = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562 section 5.7) that is greater than all earlier ones of this process. The twelve bits
 * after the time are a counter (section 6.2, method 1), so that everything that one request writes keeps its order.
 * Node's own UUIDs are in random order within a millisecond.
 */
export function uuidV7(at: Date): string {
  const milliseconds = at.getTime();
  if (milliseconds > lastMilliseconds) {
    lastMilliseconds = milliseconds;
    counter = 0;
  } else if (++counter === COUNTER_LIMIT) {
    lastMilliseconds += 1;
    counter = 0;
  }
  const time = lastMilliseconds.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  // The two highest bits are the variant.
  random[used] = ((random[used] as number) & 0x3f) | 0x80;
  const tail = random.toString('hex', used, used + RANDOM_OCTETS);
  used += RANDOM_OCTETS;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
