import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { StartError } from '../../common/start-error.js';
import type { MessageFromWorker, MessageToWorker, MetricsOfProcess, WorkerStart } from './messages.js';

const PROGRAM = fileURLToPath(new URL('worker-program.js', import.meta.url));

/** The descriptors before those of the sockets: input, output, errors and messages. */
const FIRST_SOCKET = 4;

/** More than a worker gives itself after draining, and less than the main process, which would leave one that hangs behind. */
const KILL_MS = 4_400;

export interface WorkerPlan {
  readonly databaseUrl: string | undefined;
  readonly tls: WorkerStart['tls'];
  /** Descriptors of this process. */
  readonly sockets: WorkerStart['sockets'];
  readonly program?: string;
  /** How long the start may take. In milliseconds. */
  readonly startMs: number;
}

/** What the main process does with what its workers say. */
export interface WorkerEvents {
  /** Whole lines of its output. */
  onOutput(lines: string): void;
  onCollected(worker: WorkerProcess, metrics: MetricsOfProcess): void;
  /** Somebody has asked the worker for the metrics of the server. */
  onAsked(worker: WorkerProcess): void;
}

/** A process that serves. */
export class WorkerProcess {
  /** Resolves with the cause once the process has ended. */
  readonly ended: Promise<string>;
  readonly startedAt = performance.now();
  /** Whether it was told to end. */
  isEnding = false;
  /** Checks since it last said anything. */
  silentChecks = 0;
  private isListening = false;
  private failure: string | undefined;
  private readonly listening = Promise.withResolvers<void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly events: WorkerEvents,
  ) {
    this.ended = causeOfEnd(child).then((cause) => {
      this.listening.resolve();
      return this.failure ?? cause;
    });
    child.on('message', (message) => this.onMessage(message as MessageFromWorker));
    passLines(child.stdout as Readable, events);
  }

  /**
   * Resolves when the worker serves.
   *
   * @throws StartError with the worker's own message if it does not
   */
  static async start(
    plan: WorkerPlan,
    events: WorkerEvents,
    onProcess: (worker: WorkerProcess) => void,
  ): Promise<void> {
    const { plain, tls } = plan.sockets;
    const child = fork(plan.program ?? PROGRAM, {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc', ...plain, ...tls],
    });
    const worker = new WorkerProcess(child, events);
    onProcess(worker);
    worker.send({
      kind: 'start',
      start: {
        databaseUrl: plan.databaseUrl,
        tls: plan.tls,
        sockets: { plain: inherited(plain, 0), tls: inherited(tls, plain.length) },
      },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), plan.startMs);
    await worker.listening.promise;
    clearTimeout(timer);
    if (worker.isListening) return;
    const cause = await worker.ended;
    throw new StartError(worker.failure ?? `A worker ended before it could serve: ${cause}.`);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isServing(): boolean {
    return this.isListening && this.child.connected;
  }

  /** `cause`: what `ended` resolves with. */
  kill(cause: string): void {
    this.failure = cause;
    this.child.kill('SIGKILL');
  }

  /** What is lost with a process that has just ended does not matter. */
  send(message: MessageToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Resolves when it has ended: by itself after it has finished its requests, or else by force. */
  async end(drainMs: number, { isReplaced = false } = {}): Promise<void> {
    this.isEnding = true;
    this.send({ kind: 'end', drainMs, isReplaced });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), drainMs + KILL_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private onMessage(message: MessageFromWorker): void {
    this.silentChecks = 0;
    switch (message.kind) {
      case 'turning': {
        break;
      }
      case 'listening': {
        this.isListening = true;
        this.listening.resolve();
        break;
      }
      case 'failed': {
        this.failure = message.message;
        break;
      }
      case 'collected': {
        this.events.onCollected(this, message.metrics);
        break;
      }
      case 'asked': {
        this.events.onAsked(this);
        break;
      }
    }
  }
}

/** The descriptors in the worker of sockets before which there are others. */
function inherited(sockets: readonly number[], others: number): readonly number[] {
  return sockets.map((_, index) => FIRST_SOCKET + others + index);
}

async function causeOfEnd(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    // A process that could not be started has no exit. Other errors are of messages to one that has just ended.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
}

/** Lines of several processes that share a pipe could be mixed up, so that only the main process writes to it. */
function passLines(output: Readable, { onOutput }: WorkerEvents): void {
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) onOutput(rest + text.slice(0, end));
    rest = end > 0 ? text.slice(end) : rest + text;
  });
  output
    .on('error', () => undefined)
    .on('end', () => {
      if (rest !== '') onOutput(`${rest}\n`);
    });
}
