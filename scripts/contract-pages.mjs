// Reads the pages of docs/contract: the rules, each a heading `### <a id="4.6"></a>4.6 Summary`, and every other anchor.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULE = /^### <a id="(?<id>[^"]+)"><\/a>(?<number>\S+) (?<summary>.+)$/gm;
const ANCHOR = /<a id="([^"]+)"><\/a>/g;

/** `anchors`: the ids of each page, by file name. Throws on a heading without its anchor and on a repeated id. */
export async function readContract(root) {
  const rules = [];
  const anchors = new Map();
  for await (const file of glob('*.md', { cwd: join(root, 'docs', 'contract') })) {
    const text = await readFile(join(root, 'docs', 'contract', file), 'utf8');
    const ids = [...text.matchAll(ANCHOR)].map(([, id]) => id);
    const found = [...text.matchAll(RULE)].map(({ groups }) => groups);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw new Error(`${file}: the anchor ${twice} stands there twice.`);
    if (found.length !== text.split('\n').filter((line) => line.startsWith('### ')).length) {
      throw new Error(`${file}: a heading of a rule must look like ### <a id="4.6"></a>4.6 Summary.`);
    }
    for (const { id, number, summary } of found) {
      if (id !== number) throw new Error(`${file}: rule ${number} has the anchor ${id}.`);
      rules.push({ number, summary });
    }
    anchors.set(file, new Set(ids));
  }
  return { rules, anchors };
}
