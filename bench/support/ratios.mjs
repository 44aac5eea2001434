import { median } from './median.mjs';
import { ROUTES } from './routes.mjs';

/** The bars are about this number of connections. */
const BARRED_CONNECTIONS = 16;

/** Ratios are computed within each round, so that a slow phase of the machine affects both sides. */
export function ratiosOf(route, connections, rounds) {
  const { servers = ['certkeep'], bars = {} } = ROUTES[route];
  const barOf = (name) => (connections === BARRED_CONNECTIONS ? bars[name] : undefined);
  const rates = servers.slice(1).map((name) => {
    const ratio = median(rounds.map((round) => round.certkeep.perSecond / round[name].perSecond));
    const bar = barOf(name);
    return { title: `of ${name}`, ratio, bar, sign: '≥', met: bar === undefined || ratio >= bar };
  });
  if (!servers.includes('bare')) return rates;
  const ratio = median(rounds.map(({ certkeep, bare }) => certkeep.serverMs / bare.serverMs));
  const bar = barOf('processor');
  const processor = { title: 'processor time', ratio, bar, sign: '≤', met: bar === undefined || ratio <= bar };
  return [...rates, processor];
}

export function ratiosTable(results) {
  const rows = results
    .filter(({ ratios }) => ratios.length > 0)
    .map(({ route, connections, ratios }) => [
      `${ROUTES[route].title}, ${connections}`,
      Object.fromEntries(ratios.map(({ title, ...ratio }) => [title, shown(ratio)])),
    ]);
  return Object.fromEntries(rows);
}

function shown({ ratio, bar, sign, met }) {
  const wanted = bar === undefined ? '' : ` (${sign} ${bar}) ${met ? '✓' : '✗'}`;
  return `${ratio.toFixed(2)}${wanted}`;
}

export function figuresTable(results) {
  const rows = results.flatMap(({ route, connections, rounds }) =>
    Object.keys(rounds[0])
      .toSorted()
      .map((name) => {
        const of = (figure) => median(rounds.map((round) => round[name][figure]));
        const title = `${ROUTES[route].title}, ${connections}${name === 'certkeep' ? '' : `, ${name}`}`;
        return [
          title,
          {
            'requests/s': of('perSecond'),
            'p50 ms': of('p50'),
            'p99 ms': of('p99'),
            'server ms': Number(of('serverMs').toFixed(3)),
            'PostgreSQL ms': Number(of('databaseMs').toFixed(3)),
            statements: Number(of('statements').toFixed(2)),
            'WAL bytes': Math.round(of('walOctets')),
            MB: of('megabytes'),
          },
        ];
      }),
  );
  return Object.fromEntries(rows);
}
