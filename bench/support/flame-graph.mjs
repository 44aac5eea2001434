const WIDTH = 1_600;
const ROW = 18;
const TOP = 40;
/** Pixels; what is narrower is not drawn. */
const MIN_WIDTH = 0.5;
const MIN_TEXT = 40;
const CHARACTER = 6.6;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** The call tree of a .cpuprofile, in microseconds, without the time in which nothing ran. */
export function callTreeOf({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const own = new Map();
  for (const [index, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + timeDeltas[index]);
  const merge = (ids) => {
    const called = new Map();
    for (const id of ids) {
      const { callFrame } = byId.get(id);
      const key = `${callFrame.functionName}@${callFrame.url}:${callFrame.lineNumber}`;
      called.set(key, [...(called.get(key) ?? []), id]);
    }
    return [...called.values()].map(treeOf).filter(({ total }) => total > 0);
  };
  /** Of nodes that stand for the same function with the same callers. */
  function treeOf(ids) {
    const { callFrame } = byId.get(ids[0]);
    const children = merge(ids.flatMap((id) => byId.get(id).children ?? []));
    const self = IDLE.has(callFrame.functionName) ? 0 : ids.reduce((sum, id) => sum + (own.get(id) ?? 0), 0);
    const total = self + children.reduce((sum, child) => sum + child.total, 0);
    return { name: callFrame.functionName || '(anonymous)', place: placeOf(callFrame), self, total, children };
  }
  return treeOf([nodes[0].id]);
}

/** Relative to the program or to node_modules. */
function placeOf({ url, lineNumber }) {
  if (url === '') return '';
  const path = url.replace(/^file:\/\//, '').replace(/^.*\/(node_modules\/|dist\/|bench\/)/, '$1');
  return `${path}:${lineNumber + 1}`;
}

/** The functions by the time that they take without what they call, as shares of all. */
export function ownTimes(tree) {
  const byFunction = new Map();
  const visit = ({ name, place, self, children }) => {
    const key = `${name} ${place}`;
    byFunction.set(key, (byFunction.get(key) ?? 0) + self);
    children.forEach(visit);
  };
  visit(tree);
  return [...byFunction]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, self]) => ({ function: name, 'own time': `${((100 * self) / tree.total).toFixed(1)} %` }));
}

/** An SVG without scripts; the whole text of a frame is its tooltip. */
export function flameGraph(tree, title) {
  const frames = [];
  const draw = (node, depth, left) => {
    const width = (node.total / tree.total) * WIDTH;
    if (width < MIN_WIDTH) return depth;
    frames.push(frame(node, { x: left, y: TOP + depth * ROW, width }, tree.total));
    let x = left;
    let deepest = depth;
    for (const child of node.children.toSorted((a, b) => b.total - a.total)) {
      deepest = Math.max(deepest, draw(child, depth + 1, x));
      x += (child.total / tree.total) * WIDTH;
    }
    return deepest;
  };
  const height = TOP + (draw(tree, 0, 0) + 1) * ROW + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<style>text { font: 11px monospace } rect { stroke: #ffffff; stroke-width: 0.5 } .title { font-size: 15px }</style>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text class="title" x="10" y="24">${escaped(title)}: ${(tree.total / 1e6).toFixed(1)} s of processor time</text>
${frames.join('\n')}
</svg>
`;
}

function frame({ name, place, total }, { x, y, width }, all) {
  const text = `${name} ${place}`;
  const room = Math.floor((width - 6) / CHARACTER);
  const label =
    width < MIN_TEXT ? '' : `<text x="${fixed(x + 3)}" y="${y + 13}">${escaped(text.slice(0, room))}</text>`;
  const share = `${((100 * total) / all).toFixed(1)} %`;
  return `<g><title>${escaped(text)}, ${share}</title><rect x="${fixed(x)}" y="${y}" width="${fixed(width)}" height="${ROW - 1}" fill="${colourOf(place)}"/>${label}</g>`;
}

/** By where the code is from: this program, its dependencies, Node, and V8. */
function colourOf(place) {
  if (place.startsWith('dist/') || place.startsWith('bench/')) return '#7fc7ff';
  if (place.startsWith('node_modules/')) return '#ffd37f';
  return place === '' ? '#d0d7de' : '#a6e3a1';
}

function fixed(number) {
  return Number(number.toFixed(1));
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
