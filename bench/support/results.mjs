import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

/** What the figures depend on. */
export function machineWith(postgresql) {
  return { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node, postgresql };
}

export function describeMachine({ cpu, cores, node, postgresql }) {
  return `${cpu}, ${cores} cores, Node ${node}, PostgreSQL ${postgresql}`;
}

/** Writes all figures to `bench/results/NAME.json`. */
export async function writeResults(name, results) {
  const folder = join(import.meta.dirname, '..', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}
