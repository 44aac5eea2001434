import type { Socket } from 'node:net';

import type { Request } from 'express';

import { bodyInterrupted, malformed } from './body-bytes.js';

/** A sender that sends nothing for so long has probably gone. In milliseconds. */
const MAX_PAUSE_MS = 30_000;

const streaming = new WeakSet<Socket>();

/** Whether a body is being read from this connection that may take longer than a request otherwise may. */
export function isBodyStreamed(socket: Socket): boolean {
  return streaming.has(socket);
}

/**
 * The body as it comes, no faster than it is taken. The time limit of requests does not apply to it; instead, the sender
 * may pause for 30 seconds at most.
 */
export async function* streamedBody(request: Request): AsyncGenerator<Buffer> {
  const { socket } = request;
  // The connection is still needed for the response if not all of the body is taken.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  streaming.add(socket);
  try {
    for (;;) {
      const step = await nextOf(chunks);
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    streaming.delete(socket);
    void chunks.return?.().catch(() => undefined);
  }
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  const paused = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    paused.reject(malformed(`No part of the body arrived for ${MAX_PAUSE_MS / 1000} s.`));
  }, MAX_PAUSE_MS);
  try {
    const next = chunks.next().catch((error: unknown) => {
      throw Object.assign(bodyInterrupted(), { cause: error });
    });
    return await Promise.race([next, paused.promise]);
  } finally {
    clearTimeout(timer);
  }
}
