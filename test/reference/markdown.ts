import { readFile } from 'node:fs/promises';

/** The generated parts of a page, by the names of their places. */
export type Regions = Readonly<Record<string, string>>;

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A number of the contract as a link, from docs/reference/. */
/** Sections from 11 on are on the page about trust. */
export function ruleLink(rule: string): string {
  const page = Number.parseInt(rule, 10) >= 11 ? 'trust' : 'nevis';
  return `[${rule}](../contract/${page}.md#${rule})`;
}

/**
 * The page with each region between `<!-- generated: NAME -->` and `<!-- end -->` replaced; everything else on it is
 * written by hand.
 */
export async function fillPage(path: string, regions: Regions): Promise<string> {
  const filled = new Set<string>();
  const text = (await readFile(path, 'utf8')).replaceAll(
    /(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)/gs,
    (_place, begin: string, name: string, end: string) => {
      filled.add(name);
      const region = regions[name];
      if (region === undefined) throw new Error(`${path}: nothing generates ${name}.`);
      return `${begin}\n${region}\n\n${end}`;
    },
  );
  const missing = Object.keys(regions).filter((name) => !filled.has(name));
  if (missing.length > 0) throw new Error(`${path} has no place for ${missing.join(', ')}.`);
  return text;
}

/** A vertical bar would end the cell, in code as well. */
function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
