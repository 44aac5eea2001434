import { call } from '../../api/client.js';
import { simulatePolicy } from '../../api/generated/sdk.gen.js';
import type { SimulatedChangeResource, SimulationSummaryResource } from '../../api/generated/types.gen.js';
import type { ParameterValues } from './declared-parameter.js';

type Line = SimulatedChangeResource | SimulationSummaryResource;

interface Asked {
  readonly clientExtId: string;
  readonly extId: string;
  readonly parameters: ParameterValues;
}

/** The lines of a simulation in parts, as they arrive; the summary is the last line of one that is complete. */
export async function* simulationLines({ clientExtId, extId, parameters }: Asked, signal: AbortSignal) {
  const body: unknown = await call(
    simulatePolicy({
      path: { clientExtId, extId },
      body: { parameters },
      headers: { Accept: 'application/x-ndjson' },
      parseAs: 'stream',
      signal,
    }),
  );
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    const lines = (rest + decoder.decode(step.value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => JSON.parse(line) as Line);
  }
}

export function isSummary(line: Line): line is SimulationSummaryResource {
  return 'evaluated' in line;
}
