import type { Registry } from 'prom-client';

import { code, type Regions, table } from './markdown.js';

/** What each label of our own metrics says. A metric with another label needs a line here. */
const LABELS: Readonly<Record<string, string>> = {
  method: 'the method of the request; `any` if no route matched',
  route: 'the pattern of the route, never the path; `none` if no route matched',
  status: 'the status of the response',
  queue: 'the queue: ',
  reason: 'why: ',
  kind: 'the kind of source, or of failure: ',
  outcome: 'how it ended: ',
  result: 'what became of the row: ',
};

/** prom-client names the unit last, before what marks a counter. */
const UNITS = ['seconds', 'bytes'];

/** What prom-client keeps of a metric; its own type lacks the names of the labels. */
interface Described {
  readonly labelNames?: readonly string[];
  get(): Promise<Omit<Row, 'labels' | 'type'> & { readonly type: unknown }>;
}

interface Row {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly values: readonly { readonly labels: Readonly<Record<string, unknown>> }[];
}

/** Our metrics, their labels, and what prom-client tells of the process. */
export async function metrics(registry: Registry): Promise<Regions> {
  const rows = await Promise.all(
    registry.getMetricsAsArray().map(async (metric) => await rowOf(metric as unknown as Described)),
  );
  const sorted = rows.toSorted((one, other) => one.name.localeCompare(other.name));
  const own = sorted.filter(({ name }) => name.startsWith('certkeep_'));
  return {
    certkeep: table(['metric', 'type', 'labels', 'unit', 'meaning'], own.map(lineOf)),
    labels: table(
      ['label', 'meaning'],
      [...new Set(own.flatMap(({ labels }) => labels))].map((label) => [code(label), meaningOf(label, own)]),
    ),
    process: table(
      ['metric', 'type', 'labels', 'unit', 'meaning'],
      sorted.filter((row) => !own.includes(row)).map(lineOf),
    ),
  };
}

async function rowOf(metric: Described): Promise<Row> {
  const { name, help, type, values } = await metric.get();
  return { name, help, type: String(type), labels: metric.labelNames ?? [], values };
}

function lineOf({ name, type, labels, help }: Row): readonly string[] {
  const unit = UNITS.find((one) => name.includes(`_${one}`)) ?? 'number';
  return [code(name), type, labels.map(code).join(', '), unit, help];
}

function meaningOf(label: string, rows: readonly Row[]): string {
  const meaning = LABELS[label];
  if (meaning === undefined) throw new Error(`Nothing describes the label ${label}.`);
  if (!meaning.endsWith(': ')) return meaning;
  const values = rows.flatMap((row) => row.values.map(({ labels }) => labels[label]));
  const known = [...new Set(values)].filter((value) => typeof value === 'string').toSorted();
  return meaning + known.map(code).join(', ');
}
