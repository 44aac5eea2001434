import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { compare } from './compare.js';
import { FLAWS } from './generated-chain.js';
import { buildGoProgram, hasGo, hasOpenssl } from './implementations.js';
import { formatComparison, formatKnownReasons, unexplained } from './report.js';

const folder = mkdtempSync(join(tmpdir(), 'certkeep-differential-'));
const [openssl, go] = [await hasOpenssl(), await hasGo()];

afterAll(() => rmSync(folder, { recursive: true }));

const CHAINS = 300;
const TIMEOUT = 600_000;

describe('path validation compared with others', () => {
  it.skipIf(!openssl)(
    '12.1 every disagreement with OpenSSL has a known reason',
    async () => {
      const result = await compare(CHAINS, 1, { openssl, go: undefined }, () => undefined);
      expect(unexplained(result.disagreements), formatComparison(result)).toEqual([]);
      expect(result.soundRejected).toEqual([]);
    },
    TIMEOUT,
  );

  it.skipIf(!go)(
    '12.1 every disagreement with Go has a known reason',
    async () => {
      const result = await compare(CHAINS, 1, { openssl: false, go: await buildGoProgram(folder) }, () => undefined);
      expect(unexplained(result.disagreements), formatComparison(result)).toEqual([]);
    },
    TIMEOUT,
  );

  it('the documented table is that of the source', async () => {
    await expect(formatKnownReasons()).toMatchFileSnapshot('../../docs/differential.md');
  });

  it('every flaw has a name of its own', () => {
    expect(new Set(FLAWS.map(({ name }) => name)).size).toBe(FLAWS.length);
  });
});
