import type { Outcomes, Sample } from './messages.js';
import type { Observation } from './observed-server.js';

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Phase {
  readonly name: string;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly observation: Observation;
  /** The answers of each attack. */
  readonly attacks: Readonly<Record<string, Outcomes>>;
}

export function latenciesOf(samples: readonly Sample[], operation: string): Latencies {
  const times = samples
    .filter(({ name }) => name === operation)
    .map(({ milliseconds }) => milliseconds)
    .toSorted((one, other) => one - other);
  const rank = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

export function ratioOf(phase: Phase, quiet: Phase, operation: string): number {
  return latenciesOf(phase.samples, operation).p99 / latenciesOf(quiet.samples, operation).p99;
}

/** Describes a phase in comparison with the quiet one. */
export function describePhase(phase: Phase, quiet: Phase, operations: readonly string[]): string {
  const { name, seconds, samples, observation, attacks } = phase;
  const { processor } = observation;
  const lines = operations.map((operation) => {
    const now = latenciesOf(samples, operation);
    const before = latenciesOf(quiet.samples, operation);
    const outcomes = samples.filter((sample) => sample.name === operation).map(({ outcome }) => outcome);
    return [
      `  ${operation.padEnd(20)}`,
      `quiet p50 ${shown(before.p50)} p99 ${shown(before.p99)} ms,`,
      `now p50 ${shown(now.p50)} p99 ${shown(now.p99)} max ${shown(now.max)} ms,`,
      `${(now.p99 / before.p99).toFixed(1).padStart(6)} ×; ${describeOutcomes(countsOf(outcomes))}`,
    ].join(' ');
  });
  return [
    `${name} (${seconds} s)`,
    ...lines,
    `  server: ${observation.residentAtFirst} MB at the start, ${observation.resident} MB at most, largest child process ${observation.residentOfChild} MB, ` +
      `${observation.descriptors} descriptors; ${observation.statements} statements at once, ${observation.locked} waiting for a lock`,
    `  CPU (% of one processor): event loop ${processor.eventLoop}, other threads ${processor.otherThreads}, ` +
      `PKCS#12 ${processor.children}, PostgreSQL ${processor.postgres}, attackers ${processor.attackers}, others ${processor.others}`,
    ...Object.entries(attacks).map(([attack, outcomes]) => `  answers to ${attack}:  ${describeOutcomes(outcomes)}`),
  ].join('\n');
}

function shown(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 100 ? 1 : 0).padStart(6);
}

function countsOf(outcomes: readonly string[]): Outcomes {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function describeOutcomes(outcomes: Outcomes): string {
  const parts = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${count}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
