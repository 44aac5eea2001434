import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Response } from 'express';

import { stateOf } from './request-state.js';

/**
 * Sends the pieces as they come, no faster than the caller reads.
 *
 * @throws errors of the pieces; a `CallerLeftError` if the caller hangs up
 */
export async function streamAnswer(response: Response, type: string, pieces: AsyncIterable<string>): Promise<void> {
  response.setHeader('Content-Type', type);
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    // That the connection has closed is no defect of the server.
    stateOf(response.req).signal.throwIfAborted();
    throw error;
  }
}
