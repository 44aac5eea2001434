// Draws docs/pictures/*.svg from the text files beside them, which explain their own syntax.
// `node scripts/pictures.mjs [--check]`: with --check nothing is written, and a stale picture is an error.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PICTURE_STYLE } from './picture-style.mjs';

const MARGIN = 20;
const BOX = { width: 176, height: 84 };
const GAP = { x: 104, y: 30 };
const LINE_HEIGHT = 18;

const folder = join(import.meta.dirname, '..', 'docs', 'pictures');
const checkOnly = process.argv.includes('--check');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const target = join(folder, file.replace(/txt$/, 'svg'));
  const drawn = draw(parse(readFileSync(join(folder, file), 'utf8'), file));
  if (!checkOnly) writeFileSync(target, drawn);
  else if (contentOf(target) !== drawn) {
    console.log(`${target} is not what its text file says: npm run pictures`);
    process.exitCode = 1;
  }
}

function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text, file) {
  const picture = { boxes: new Map(), arrows: [] };
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, head = '', body = ''] = /^([^:]+): (.+)$/.exec(line) ?? [];
    const words = head.split(/\s+/);
    const lines = body.split(' / ');
    const [kind, name, second, third] = words;
    if (words.length === 1 && (kind === 'title' || kind === 'description')) picture[kind] = body;
    else if (words.length === 4 && (kind === 'box' || kind === 'main')) {
      picture.boxes.set(name, { kind, column: Number(second), row: Number(third), lines });
    } else if (words.length === 4 && kind === 'arrow' && picture.boxes.has(name) && picture.boxes.has(third)) {
      picture.arrows.push({ from: picture.boxes.get(name), to: picture.boxes.get(third), lines });
    } else throw new Error(`docs/pictures/${file}:${index + 1}: not understood: ${line}`);
  }
  return picture;
}

function draw({ title, description, boxes, arrows }) {
  const places = [...boxes.values()];
  const width = edge('column', 'width', 'x');
  const height = edge('row', 'height', 'y');

  function edge(axis, size, gap) {
    const count = Math.max(...places.map((place) => place[axis]));
    return 2 * MARGIN + count * BOX[size] + (count - 1) * GAP[gap];
  }

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${PICTURE_STYLE}</style>
  <defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
  <rect class="paper" width="${width}" height="${height}" rx="8"/>
${arrows.map(({ from, to }) => arrowLine(from, to)).join('\n')}
${places.map((place) => boxShape(place)).join('\n')}
${arrows.map((arrow) => arrowLabel(arrow)).join('\n')}
</svg>
`;
}

function topLeft({ column, row }) {
  return {
    x: MARGIN + (column - 1) * (BOX.width + GAP.x),
    y: MARGIN + (row - 1) * (BOX.height + GAP.y),
  };
}

/** From the right side of one box to the left side of another one. */
function ends(from, to) {
  const start = topLeft(from);
  const end = topLeft(to);
  return { x1: start.x + BOX.width, y1: start.y + BOX.height / 2, x2: end.x, y2: end.y + BOX.height / 2 };
}

function arrowLine(from, to) {
  const { x1, y1, x2, y2 } = ends(from, to);
  return `  <path class="arrow" d="M${x1} ${y1} ${x2} ${y2}" marker-end="url(#head)"/>`;
}

function arrowLabel({ from, to, lines }) {
  const { x1, y1, x2, y2 } = ends(from, to);
  return lines
    .map((line, index) => textLine('label', line, (x1 + x2) / 2, (y1 + y2) / 2, index, lines.length))
    .join('\n');
}

function boxShape(place) {
  const { x, y } = topLeft(place);
  const { kind, lines } = place;
  const shape = `  <rect class="${kind}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>`;
  const texts = lines.map((line, index) =>
    textLine(index === 0 ? 'heading' : 'text', line, x + BOX.width / 2, y + BOX.height / 2, index, lines.length),
  );
  return [shape, ...texts].join('\n');
}

/** One of `count` lines that are centred on a point. */
function textLine(kind, text, x, y, index, count) {
  const baseline = y + 5 + (index - (count - 1) / 2) * LINE_HEIGHT;
  return `  <text class="${kind}" x="${x}" y="${baseline}">${escaped(text)}</text>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
