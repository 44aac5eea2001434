import { readFile } from 'node:fs/promises';

/** Linux only, like the embedded server's image: other systems have no file to ask. */
export async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000);
}

/** Of a process and its children; one that has just ended counts nothing. */
export async function residentMegabytesWithChildren(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean);
  const sizes = await Promise.all(children.map(async (child) => await residentMegabytes(child).catch(() => 0)));
  return sizes.reduce((sum, size) => sum + size, await residentMegabytes(pid));
}

/** The highest of what `read` answers, ten times a second while `work` is under way. */
export async function highestWhile(work, read) {
  const samples = [await read()];
  const sampling = setInterval(() => void read().then((sample) => samples.push(sample)), 100);
  await work.finally(() => clearInterval(sampling));
  return Math.max(...samples);
}
