import { describe, expect, it } from 'vitest';

import { TokenBuckets } from './token-buckets.js';

const START = Date.parse('2026-06-01T12:00:00Z');
const after = (milliseconds: number) => new Date(START + milliseconds);

describe('TokenBuckets', () => {
  it('4.8 a burst is allowed, then one each time that a token is added', () => {
    const buckets = new TokenBuckets({ burst: 3, refillMs: 1000, keys: 10 });
    const taken = (at: number) => buckets.take('a', after(at));
    expect([taken(0), taken(0), taken(0), taken(0), taken(400)]).toEqual([0, 0, 0, 1000, 600]);
    expect([taken(1000), taken(1000), taken(2500), taken(2500)]).toEqual([0, 1000, 0, 500]);
    // After any pause there is one burst at most.
    expect([1, 2, 3, 4].map(() => taken(3_600_000))).toEqual([0, 0, 0, 1000]);
  });

  it('4.8 each key has its own bucket, and a clock that is set back has no effect', () => {
    const buckets = new TokenBuckets({ burst: 1, refillMs: 1000, keys: 10 });
    expect([buckets.take('a', after(0)), buckets.take('b', after(0)), buckets.take('a', after(-5000))]).toEqual([
      0, 0, 1000,
    ]);
  });

  it('4.8 a token that is given back can be taken again, and there are never more than a burst', () => {
    const buckets = new TokenBuckets({ burst: 2, refillMs: 1000, keys: 2 });
    const take = () => buckets.take('a', after(0));
    expect([take(), take()]).toEqual([0, 0]);
    buckets.giveBack('a');
    expect([take(), take()]).toEqual([0, 1000]);
    for (let times = 0; times < 5; times += 1) buckets.giveBack('a');
    expect([take(), take(), take()]).toEqual([0, 0, 1000]);
    buckets.giveBack('forgotten');
    expect(['forgotten', 'forgotten', 'forgotten'].map((key) => buckets.take(key, after(0)))).toEqual([0, 0, 1000]);
  });

  it('4.8 the number of buckets is limited: the least recently used one is removed', () => {
    const buckets = new TokenBuckets({ burst: 1, refillMs: 1000, keys: 2 });
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map((key) => buckets.take(key, after(0)))).toEqual([0, 0, 1000, 0, 1000, 0]);
  });
});
