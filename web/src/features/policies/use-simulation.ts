import { useEffect, useRef, useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import type { SimulatedChangeResource, SimulationSummaryResource } from '../../api/generated/types.gen.js';
import type { ParameterValues } from './declared-parameter.js';
import { isSummary, simulationLines } from './simulation-lines.js';

/** As many changes are kept to be looked at; all are counted. */
const MAX_KEPT = 10_000;

export interface Simulation {
  readonly state: 'running' | 'complete' | 'stopped' | 'failed';
  /** The simulated parameters as one text. */
  readonly of: string;
  readonly kept: readonly SimulatedChangeResource[];
  readonly changed: number;
  readonly summary?: SimulationSummaryResource;
  readonly error?: unknown;
}

/** Parameters as a text by which two policies can be compared. */
export function keyOf(parameters: ParameterValues): string {
  return JSON.stringify(Object.entries(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

export function useSimulation(clientExtId: string, extId: string) {
  const [simulation, setSimulation] = useState<Simulation>();
  const running = useRef<AbortController>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);

  const start = async (parameters: ParameterValues) => {
    stop();
    const controller = new AbortController();
    running.current = controller;
    let now: Simulation = { state: 'running', of: keyOf(parameters), kept: [], changed: 0 };
    const show = (next: Partial<Simulation>) => {
      now = { ...now, ...next };
      if (running.current === controller) setSimulation(now);
    };
    show({});
    try {
      for await (const lines of simulationLines({ clientExtId, extId, parameters }, controller.signal)) {
        const summary = lines.find(isSummary);
        const changes = lines.filter((line): line is SimulatedChangeResource => !isSummary(line));
        const kept = now.kept.length < MAX_KEPT ? [...now.kept, ...changes].slice(0, MAX_KEPT) : now.kept;
        show({ kept, changed: now.changed + changes.length, ...(summary === undefined ? {} : { summary }) });
      }
      // Without its last line, the server has not come to the end.
      if (now.summary === undefined) throw new ApiError(0, [], undefined);
      show({ state: 'complete' });
    } catch (error) {
      show(controller.signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
    }
  };
  return { simulation, start: (parameters: ParameterValues) => void start(parameters), stop };
}
