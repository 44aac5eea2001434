import type { NextFunction, Request, Response } from 'express';

import { AppError, appError } from '../common/errors.js';
import { BURST } from '../common/fair-slots.js';
import { TwoLevelQueue } from '../common/two-level-queue.js';
import { errorAnswer } from './error-body.js';
import { PacedConnections } from './paced-connections.js';
import { isProbe } from './probes.js';
import { RecentStarts } from './recent-starts.js';
import { stateOf } from './request-state.js';
import { TurnRate } from './turn-rate.js';

/** Time in one turn of the event loop for which requests are started as they arrive; enough for a few. */
const BUDGET_MS = 1;

/** Alternatively, the share of the time that everything else took, so that a loop with long turns starts enough. */
const SHARE = 0.25;

/** A request that would probably wait longer for its turn is refused. */
const MAX_EXPECTED_WAIT_MS = 500;

/** How many requests may wait, of one client at one address, and in all. */
const MAX_WAITING_OF_CLIENT = 1_000;
const MAX_WAITING = 2_000;

const RETRY_AFTER_SECONDS = 1;

/** Takes the place of a client, which cannot have this name, for requests that are never refused. */
const PROBES = '/';

const REFUSALS = {
  client_limit: errorFor('Too many requests of this client are waiting.'),
  overloaded: errorFor('Too many requests of all clients are waiting.'),
} as const;

type RefusalReason = keyof typeof REFUSALS;

export interface RequestTurnsOptions {
  readonly budgetMs?: number;
  readonly share?: number;
  /** Nothing is refused because of its expected wait while fewer than these wait. */
  readonly burst?: number;
  readonly monotonic?: () => number;
  /** Throws the error with which the request of the client would be refused at a later queue, after so many others. */
  readonly requireRoom?: (client: string, before: number, request: Request) => void;
}

interface Waiting {
  readonly address: string;
  readonly client: string;
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}

/**
 * Of requests that arrive at once, only a few are started in each turn of the event loop: addresses take turns, and
 * within an address, the clients in the paths. A waiting request costs almost nothing, and one that arrives later does
 * not wait for all of them. What would wait too long, here or for the database, is refused, which costs little as well.
 */
export class RequestTurns {
  private readonly waiting = new TwoLevelQueue<Waiting>();
  private readonly rate = new TurnRate();
  /** On their way to the later queue. */
  private readonly recent = new RecentStarts();
  private readonly paced = new PacedConnections();
  private readonly refusedCounts: Record<RefusalReason, number> = { client_limit: 0, overloaded: 0 };
  private readonly budgetMs: number;
  private readonly share: number;
  private readonly burst: number;
  private readonly monotonic: () => number;
  private readonly requireRoom: NonNullable<RequestTurnsOptions['requireRoom']>;
  /** When the budget of this turn of the loop ends; undefined until a request is started in it. */
  private budgetEnds: number | undefined;
  /** When requests were last started. The time from then until the next turn belongs to everything else. */
  private lastEnded = 0;

  constructor(options: RequestTurnsOptions = {}) {
    this.budgetMs = options.budgetMs ?? BUDGET_MS;
    this.share = options.share ?? SHARE;
    this.burst = options.burst ?? BURST;
    this.monotonic = options.monotonic ?? (() => performance.now());
    this.requireRoom = options.requireRoom ?? (() => undefined);
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Counted since the server started. */
  get refusals(): Readonly<Record<RefusalReason, number>> {
    return this.refusedCounts;
  }

  /** Middleware. */
  readonly begin = (request: Request, response: Response, next: NextFunction): void => {
    const address = stateOf(request).address ?? '';
    const client = isProbe(request.path) ? PROBES : clientInPath(request.path);
    const refusal = this.refusalOnArrival(address, client, request);
    if (refusal !== undefined) {
      this.refuse(request, response, refusal);
      return;
    }
    if (this.budgetEnds === undefined) {
      this.lastEnded = this.monotonic();
      this.budgetEnds = this.lastEnded + this.budgetMs;
      setImmediate(this.nextTurn);
    } else if (this.waiting.size > 0 || this.monotonic() >= this.budgetEnds) {
      this.waiting.push(address, client, { address, client, request, response, next });
      return;
    }
    this.recent.add(address, client);
    next();
  };

  /** Always scheduled while requests are waiting, so none is left behind. */
  private readonly nextTurn = (): void => {
    this.budgetEnds = undefined;
    this.recent.turn();
    if (this.waiting.size === 0) {
      this.rate.reset();
      return;
    }
    const now = this.monotonic();
    const othersMs = now - this.lastEnded;
    const end = now + Math.max(this.budgetMs, othersMs * this.share);
    this.budgetEnds = end;
    setImmediate(this.nextTurn);
    let started = 0;
    do {
      this.start(this.waiting.shift() as Waiting);
      started += 1;
    } while (this.waiting.size > 0 && this.monotonic() < end);
    this.lastEnded = this.monotonic();
    this.rate.add(this.lastEnded - now + othersMs, started);
  };

  private start({ address, client, request, response, next }: Waiting): void {
    if (response.closed) return;
    const refusal = this.refusalOfLaterQueue(address, client, request);
    if (refusal !== undefined) {
      this.refuse(request, response, refusal);
      return;
    }
    this.recent.add(address, client);
    next();
  }

  private refusalOnArrival(address: string, client: string, request: Request): AppError | undefined {
    if (client === PROBES) return undefined;
    const ofClient = this.waiting.sizeOf(address, client);
    if (this.waiting.size > 0) {
      const expectedMs = this.rate.expectedMs(this.waiting.turnsBefore(address, client) + 1);
      const isLate = this.waiting.size >= this.burst && expectedMs > MAX_EXPECTED_WAIT_MS;
      const isFull = this.waiting.size >= MAX_WAITING && ofClient > 0;
      if (ofClient >= MAX_WAITING_OF_CLIENT || (isLate && ofClient > 0)) return this.refusal('client_limit');
      if (isLate || isFull) return this.refusal('overloaded');
    }
    return this.refusalOfLaterQueue(address, client, request);
  }

  private refusalOfLaterQueue(address: string, client: string, request: Request): AppError | undefined {
    if (client === '' || client === PROBES) return undefined;
    try {
      this.requireRoom(client, this.recent.of(address, client), request);
      return undefined;
    } catch (error) {
      return error as AppError;
    }
  }

  private refusal(reason: RefusalReason): AppError {
    this.refusedCounts[reason] += 1;
    return REFUSALS[reason];
  }

  private refuse(request: Request, response: Response, error: AppError): void {
    const state = stateOf(request);
    state.errorCode = error.code;
    const { status, headers, body } = errorAnswer(error, state.id);
    const text = JSON.stringify(body);
    response.writeHead(status, {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
    this.paced.pause(request.socket);
  }
}

function errorFor(cause: string): AppError {
  const message = `${cause} Try again in ${RETRY_AFTER_SECONDS} s.`;
  return appError({ code: 'errors.unavailable', message }, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** The path segment in which routes have the client or the account, which the caller may have no right to. */
function clientInPath(path: string): string {
  const segments = path.split('/', 7);
  if (segments[1] === 'mtls') return segments[3] ?? '';
  return (segments[5] === 'clients' ? segments[6] : segments[5]) ?? '';
}
