import { describe, expect, it } from 'vitest';

import { isLoopbackHost } from './loopback.js';

describe('isLoopbackHost', () => {
  it('ok/the names and addresses of this machine only', () => {
    const hosts = [
      'localhost',
      '127.0.0.1',
      '127.1.2.3',
      '[::1]',
      '10.0.0.1',
      'localhost.example',
      '127.0.0.1.example',
    ];
    expect(hosts.map(isLoopbackHost)).toEqual([true, true, true, true, false, false, false]);
  });
});
