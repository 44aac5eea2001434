// Draws docs/pictures/load.svg, requests a second and p99 against the number of connections, from bench/results/latest.json:
//   npm run bench -- --routes get,comment,certificate --connections 1,16,64,256 && npm run bench:chart
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PICTURE_STYLE } from '../scripts/picture-style.mjs';
import { median } from './support/median.mjs';
import { ROUTES } from './support/routes.mjs';

const PANEL = { width: 300, height: 150 };
const GAP = { x: 70, y: 70 };
const MARGIN = { left: 60, top: 70 };
const FIGURES = [
  ['perSecond', 'requests/s'],
  ['p99', 'p99, ms'],
];
const STYLE = `${PICTURE_STYLE}
    .line { fill: none; stroke-width: 2; }
    .grid { stroke: var(--line); stroke-width: 0.5; fill: none; }
    .small { font-size: 12px; }
    .value { font-size: 12px; text-anchor: end; }
    .legend { text-anchor: start; }
    .certkeep { stroke: var(--edge); }
    .bare { stroke: var(--soft); stroke-dasharray: 6 3; }
    .documented { stroke: var(--line); stroke-dasharray: 2 3; }
  `;

const root = join(import.meta.dirname, '..');
const { machine, credentials, results } = JSON.parse(
  await readFile(join(root, 'bench', 'results', 'latest.json'), 'utf8'),
);
const routes = [...new Set(results.map(({ route }) => route))].filter((route) => ROUTES[route].servers !== undefined);
const target = join(root, 'docs', 'pictures', 'load.svg');
await writeFile(target, picture());
console.log(target);

function picture() {
  const width = MARGIN.left + FIGURES.length * (PANEL.width + GAP.x);
  const height = MARGIN.top + routes.length * (PANEL.height + GAP.y);
  const panels = routes.flatMap((route, row) => FIGURES.map((figure, column) => panel(route, figure, { row, column })));
  const servers = ROUTES[routes[0]].servers;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">Requests a second and p99 against connections</title>
  <desc id="description">${credentials} certificates; ${machine.cpu}, ${machine.cores} cores; load by ${machine.generator}. The figures are in docs/performance.md.</desc>
  <style>${STYLE}</style>
  <rect class="paper" width="${width}" height="${height}" rx="8"/>
${servers.map(legend).join('\n')}
${panels.join('\n')}
</svg>
`;
}

function legend(name, index) {
  const x = MARGIN.left + index * 150;
  return `  <path class="line ${name}" d="M${x} 25h30"/><text class="legend" x="${x + 38}" y="30">${name}</text>`;
}

function panel(route, [figure, unit], { row, column }) {
  const left = MARGIN.left + column * (PANEL.width + GAP.x);
  const top = MARGIN.top + row * (PANEL.height + GAP.y);
  const measured = results.filter((result) => result.route === route).toSorted((a, b) => a.connections - b.connections);
  const series = ROUTES[route].servers.map((name) => [
    name,
    measured.map(({ rounds }) => median(rounds.map((round) => round[name][figure]))),
  ]);
  const most = ceiling(Math.max(...series.flatMap(([, values]) => values)));
  const x = (index) => left + (measured.length === 1 ? 0.5 : index / (measured.length - 1)) * PANEL.width;
  const y = (value) => Math.round(top + PANEL.height * (1 - value / most));
  const lines = series.map(
    ([name, values]) =>
      `  <path class="line ${name}" d="M${values.map((value, index) => `${x(index)} ${y(value)}`).join(' ')}"/>`,
  );
  const marks = measured.map(
    ({ connections }, index) =>
      `  <text class="small" x="${x(index)}" y="${top + PANEL.height + 18}">${connections}</text>`,
  );
  return `  <text class="heading" x="${left + PANEL.width / 2}" y="${top - 12}">${ROUTES[route].title}: ${unit}</text>
  <path class="grid" d="M${left} ${top}v${PANEL.height}h${PANEL.width}M${left} ${top}h${PANEL.width}"/>
  <text class="value" x="${left - 6}" y="${top + 4}">${most}</text>
  <text class="value" x="${left - 6}" y="${top + PANEL.height + 4}">0</text>
${[...lines, ...marks].join('\n')}`;
}

/** The next number with one digit that is not zero. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / power) * power;
}
