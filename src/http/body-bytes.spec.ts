import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import type { Request } from 'express';
import { expect, test } from 'vitest';

import { readBytes } from './body-bytes.js';

test.each([0, 100_000])('the body of a request whose caller has left is not waited for (%i bytes)', async (length) => {
  const request = new IncomingMessage(new Socket());
  request.headers['content-length'] = String(length);
  request.destroy();
  await expect(readBytes(request as Request, '100', 200_000)).rejects.toMatchObject({
    code: 'errors.malformedRequest',
  });
});
