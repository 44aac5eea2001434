import { readFile } from 'node:fs/promises';

/** Reads /proc, so on Linux only. */
export async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000);
}

/** The memory of a process and its children; a child that has just ended counts as 0. */
export async function residentMegabytesWithChildren(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean);
  const sizes = await Promise.all(children.map(async (child) => await residentMegabytes(child).catch(() => 0)));
  return sizes.reduce((sum, size) => sum + size, await residentMegabytes(pid));
}

/** The maximum of `read`, sampled ten times a second during `work`. */
export async function highestWhile(work, read) {
  const samples = [await read()];
  const sampling = setInterval(() => void read().then((sample) => samples.push(sample)), 100);
  await work.finally(() => clearInterval(sampling));
  return Math.max(...samples);
}
