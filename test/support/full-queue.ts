import type { FairSlots } from '../../src/common/fair-slots.js';

type Acquired = Promise<() => void>;

/** Takes every place that a client may have; returns the function that releases them. */
export function fillFor(queue: FairSlots, clientExtId: string): () => Promise<void> {
  const places: Acquired[] = [];
  while (hasRoom(queue, clientExtId)) places.push(queue.acquire(clientExtId));
  return async () => await giveBack(places);
}

/** Takes every slot, each for another client; returns the function that releases them. */
export function occupy(queue: FairSlots): () => Promise<void> {
  const places: Acquired[] = [];
  while (queue.waitingCount === 0) places.push(queue.acquire(`occupant ${places.length}`));
  return async () => await giveBack(places);
}

function hasRoom(queue: FairSlots, clientExtId: string): boolean {
  try {
    queue.requireRoom(clientExtId);
    return true;
  } catch {
    return false;
  }
}

async function giveBack(places: readonly Acquired[]): Promise<void> {
  for (const place of places) (await place)();
}
