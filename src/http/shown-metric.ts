import { Counter, Gauge, type Registry } from 'prom-client';

interface Shown {
  readonly name: string;
  readonly help: string;
}

export interface ShownGauge extends Shown {
  /** Of several workers, the largest value is shown; if absent, the sum. */
  readonly largest?: true;
}

/** Counts since the process started, by the values of some labels. */
export type Counts = Readonly<Record<string, number>>;

// What is asked for its value when somebody asks for the metrics.

export function showGauge(registry: Registry, shown: ShownGauge, value: () => number): void {
  const gauge = new Gauge({
    ...described(shown),
    collect() {
      this.set(value());
    },
  });
  registry.registerMetric(gauge);
}

/** By the values of one label. */
export function showGauges(registry: Registry, shown: ShownGauge, label: string, values: () => Counts): void {
  const gauge = new Gauge({
    ...described(shown),
    labelNames: [label],
    collect() {
      for (const [name, value] of Object.entries(values())) this.set({ [label]: name }, value);
    },
  });
  registry.registerMetric(gauge);
}

export function showCounter(registry: Registry, { name, help }: Shown, count: () => number): void {
  const counter = new Counter({
    name,
    help,
    registers: [],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
  registry.registerMetric(counter);
}

/** By the values of one label. */
export function showCounters(registry: Registry, { name, help }: Shown, label: string, counts: () => Counts): void {
  const counter = new Counter({
    name,
    help,
    labelNames: [label],
    registers: [],
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(counts())) this.inc({ [label]: value }, count);
    },
  });
  registry.registerMetric(counter);
}

/** By the values of two labels. */
export function showCountersByTwo(
  registry: Registry,
  { name, help }: Shown,
  [one, other]: readonly [string, string],
  counts: () => Readonly<Record<string, Counts>>,
): void {
  const counter = new Counter({
    name,
    help,
    labelNames: [one, other],
    registers: [],
    collect() {
      this.reset();
      for (const [first, ofFirst] of Object.entries(counts()))
        for (const [second, count] of Object.entries(ofFirst)) this.inc({ [one]: first, [other]: second }, count);
    },
  });
  registry.registerMetric(counter);
}

function described({ name, help, largest }: ShownGauge) {
  return { name, help, aggregator: largest === true ? ('max' as const) : ('sum' as const), registers: [] };
}
