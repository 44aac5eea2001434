import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { randomFrom } from '../support/random.js';
import { checkCase } from './check-case.js';
import { readTree, writeTree } from './der-tree.js';
import { octetsCase, readCase } from './fuzz-case.js';
import { CaseMaker } from './make-case.js';
import { makeSeeds } from './seeds.js';

const folder = join(import.meta.dirname, '..', 'fixtures', 'fuzz');
const INPUTS = 250;
/** Several short tests, so that a busy machine has time for each. */
const SEEDS = [1, 2, 3, 4, 5, 6];

describe('mutated certificates, files and sets', () => {
  const seeds = makeSeeds();
  const maker = new CaseMaker(seeds, []);

  it.each(SEEDS)(
    '12.1 no mutation throws, takes long, has two results or is proven without a signature: seed %i',
    (seed) => {
      const random = randomFrom(seed);
      for (let number = 0; number < INPUTS; number += 1) {
        const fuzzed = maker.make(random);
        try {
          checkCase(fuzzed);
        } catch (error) {
          throw new Error(JSON.stringify(fuzzed), { cause: error });
        }
      }
    },
  );

  it.each(readdirSync(folder).filter((file) => file.endsWith('.json')))(
    '12.1 a known hostile input is no finding: %s',
    (file) => {
      expect(() => checkCase(readCase(readFileSync(join(folder, file))))).not.toThrow();
    },
  );

  it('a certificate that is read as a tree is written as it was', () => {
    for (const { der } of seeds.leaves) expect(writeTree(readTree(der) ?? [])).toEqual(der);
  });

  it('a file that is no case is an input of octets', () => {
    const octets = seeds.leaves[0]?.der ?? Buffer.alloc(0);
    expect(readCase(octets)).toEqual(octetsCase(octets));
    expect(readCase(Buffer.from(JSON.stringify(octetsCase(octets))))).toEqual(octetsCase(octets));
  });
});
