import { describe, expect, it } from 'vitest';

import { ClientCache } from './client-cache.js';

const LIMITS = { maxOctets: 100, maxOctetsPerClient: 60 };

function cacheOf(entries: readonly (readonly [client: string, key: string, octets: number])[]): ClientCache<string> {
  const cache = new ClientCache<string>(LIMITS);
  for (const [client, key, octets] of entries) cache.set(client, key, key, octets);
  return cache;
}

describe('ClientCache', () => {
  it('returns what was stored for this client', () => {
    const cache = cacheOf([['one', 'a', 10]]);
    expect([cache.get('one', 'a'), cache.get('two', 'a'), cache.get('one', 'b')]).toEqual(['a', undefined, undefined]);
  });

  it('drops what the client itself used longest ago if it has more than its share', () => {
    const cache = cacheOf([
      ['two', 'x', 30],
      ['one', 'a', 30],
      ['one', 'b', 30],
    ]);
    cache.get('one', 'a');
    cache.set('one', 'c', 'c', 30);
    expect([cache.get('one', 'a'), cache.get('one', 'b'), cache.get('one', 'c')]).toEqual(['a', undefined, 'c']);
    expect(cache.get('two', 'x')).toBe('x');
  });

  it('drops a value of the client that has most if there is no room', () => {
    const cache = cacheOf([
      ['one', 'a', 10],
      ['two', 'x', 30],
      ['two', 'y', 30],
      ['three', 'm', 20],
    ]);
    cache.set('one', 'b', 'b', 20);
    expect([cache.get('two', 'x'), cache.get('two', 'y')]).toEqual([undefined, 'y']);
    expect([cache.get('one', 'a'), cache.get('one', 'b'), cache.get('three', 'm')]).toEqual(['a', 'b', 'm']);
  });

  it('does not keep a value that is larger than a share, and drops the one that it replaces', () => {
    const cache = cacheOf([['one', 'a', 10]]);
    cache.set('one', 'a', 'a', 61);
    expect([cache.get('one', 'a'), cache.size]).toEqual([undefined, 0]);
  });

  it('counts a replaced value once', () => {
    const cache = cacheOf([
      ['one', 'a', 50],
      ['one', 'a', 40],
    ]);
    expect(cache.size).toBe(40);
    cache.delete('one', 'a');
    expect(cache.size).toBe(0);
  });
});
