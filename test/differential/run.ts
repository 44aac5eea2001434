// npm run test:differential [-- --chains 20000 --seed N --keep FOLDER]
// --keep writes one chain of each disagreement without a known reason as PEM.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ProgressBar } from '../../src/commands/progress-bar.js';
import { compare, type Disagreement } from './compare.js';
import { buildGoProgram, hasGo, hasOpenssl, toPem } from './implementations.js';
import { formatComparison, unexplained } from './report.js';

function keep(disagreements: readonly Disagreement[], into: string): void {
  mkdirSync(into, { recursive: true });
  for (const { implementation, chain, encoded } of disagreements) {
    const name = [implementation, ...chain.flaws.map((flaw) => flaw.name)].join('-').replaceAll(/[^A-Za-z0-9]+/g, '-');
    for (const [part, certificates] of [
      ['leaf', [encoded.leaf]],
      ['untrusted', encoded.intermediates],
      ['trusted', encoded.anchors],
    ] as const) {
      writeFileSync(join(into, `${name}.${part}.pem`), certificates.map(toPem).join(''));
    }
  }
}

const { values } = parseArgs({
  options: {
    chains: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
});
const [chains, seed] = [Number(values.chains), Number(values.seed)];

const folder = mkdtempSync(join(tmpdir(), 'certkeep-differential-'));
try {
  const [openssl, go] = [await hasOpenssl(), (await hasGo()) ? await buildGoProgram(folder) : undefined];
  console.log(
    `Seed ${seed}. OpenSSL: ${openssl ? 'present' : 'absent'}. Go: ${go === undefined ? 'absent' : 'present'}.`,
  );
  let bar: ProgressBar | undefined;
  let last = 0;
  const result = await compare(chains, seed, { openssl, go }, (done) => {
    // The second round makes the disagreements small.
    if (done < last) bar?.end();
    bar = bar === undefined || done < last ? new ProgressBar(chains, 'chains') : bar;
    bar.show(done);
    last = done;
  });
  bar?.end();
  console.log(formatComparison(result));
  if (values.keep !== undefined) keep(unexplained(result.disagreements), values.keep);
  if (unexplained(result.disagreements).length > 0 || result.soundRejected.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
