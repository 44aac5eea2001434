import { fileURLToPath } from 'node:url';

import { FairSlots } from '../../common/fair-slots.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import { AnsweringThread, ThreadEndedError } from '../../system/answering-thread.js';
import type { TrustSet } from '../../trust/trust-set.model.js';
import { MAX_EVIDENCE_OCTETS } from './certificate-evaluation.js';
import type {
  EvaluatedCertificate,
  EvaluatedOctets,
  EvaluationAnswer,
  EvidenceKey,
  MessageToEvaluation,
  OwnedOctets,
  PathQuestion,
  PolicyOutcomes,
  PolicyQuestion,
} from './evaluation-message.js';
import { type Evidence, EvidenceOctets } from './evidence-octets.js';

/** In MiB, without the octets of sets and evidence, which are outside of the heap and bounded by the program. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 1 };

/** For one question: many times what the bounds of a path allow for a batch on a slow machine. */
const TIME_LIMIT_MS = 60_000;

/** One question at a time, the clients in turn. */
const TURNS = { slots: 1, share: 1, reserved: 0, maxWaiting: 100, maxWaitingPerKey: 10, waitMs: 120_000 } as const;

/** The thread has neither the set nor the evidence at first, and both after they were sent. */
const MAX_ROUNDS = 2;

interface EvaluatorOptions {
  /** Path of the compiled `certificate-evaluation-program`; by default the one in this directory. */
  readonly program?: string;
  readonly timeLimitMs?: number;
}

interface Asked {
  readonly evidence: readonly Evidence[];
  readonly time: Date;
}

export interface PathsAsked extends Asked {
  readonly set: TrustSet;
  /** At most some hundreds: a question that takes too long is ended. */
  readonly certificates: readonly EvaluatedOctets[];
}

export interface PoliciesAsked extends Asked {
  readonly policies: readonly { readonly policy: CertificatePolicy; readonly set: TrustSet | undefined }[];
  /** At most some hundreds. */
  readonly certificates: readonly OwnedOctets[];
}

/** What the thread may have to be sent for a question. */
interface Needs {
  readonly sets: readonly TrustSet[];
  readonly evidence: readonly Evidence[];
}

/**
 * Evaluates stored certificates in a worker thread, so that requests are served meanwhile (contract 12.2). The thread is
 * started on first use, and replaced when it has ended, or was ended because a question took too long.
 */
export class CertificateEvaluator {
  readonly queue = new FairSlots(TURNS, 'evaluations of certificates');
  readonly #octets = new EvidenceOctets();
  readonly #thread: AnsweringThread<MessageToEvaluation, EvaluationAnswer>;

  constructor({ program = BESIDE, timeLimitMs = TIME_LIMIT_MS }: EvaluatorOptions = {}) {
    this.#thread = new AnsweringThread({ program, timeLimitMs, resourceLimits: RESOURCE_LIMITS });
  }

  /**
   * In the order of the certificates.
   *
   * @param signal - also ends the question in the thread, with the thread
   * @throws EvaluationEndedError if the thread ends before it has answered; AppError if too many wait; the signal's reason
   */
  async paths(
    clientExtId: string,
    { set, evidence, ...asked }: PathsAsked,
    signal?: AbortSignal,
  ): Promise<readonly EvaluatedCertificate[]> {
    const question = { kind: 'paths', set: keyOf(set), ...asked } as const;
    const answer = await this.queue.run(
      clientExtId,
      signal,
      async () => await this.#answer(question, { sets: [set], evidence }, signal),
    );
    return answer.kind === 'paths' ? answer.certificates : [];
  }

  /**
   * What each policy makes of each certificate, likewise; undefined for one that cannot be read.
   *
   * @param signal - of the caller, who can only end the wait: the thread is for everybody
   */
  async policies(
    clientExtId: string,
    { policies, evidence, ...asked }: PoliciesAsked,
    signal: AbortSignal | undefined,
  ): Promise<readonly (PolicyOutcomes | undefined)[]> {
    const named = policies.map(({ policy, set }) => ({ policy, set: set && { key: keyOf(set), name: set.name } }));
    const question = { kind: 'policies', policies: named, ...asked } as const;
    const sets = policies.flatMap(({ set }) => set ?? []);
    const answer = await this.queue.run(
      clientExtId,
      signal,
      async () => await this.#answer(question, { sets, evidence }, undefined),
    );
    return answer.kind === 'policies' ? answer.certificates : [];
  }

  async #answer(
    question: Omit<PathQuestion, 'evidence'> | Omit<PolicyQuestion, 'evidence'>,
    needs: Needs,
    signal: AbortSignal | undefined,
  ): Promise<EvaluationAnswer> {
    const evidence = this.#affordable(needs.evidence);
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const answer = await this.#ask({ ...question, evidence: [...evidence.values()] }, signal);
      if (answer.kind !== 'missing') return answer;
      for (const set of needs.sets) {
        const key = keyOf(set);
        if (answer.sets.includes(key)) this.#thread.send({ kind: 'set', set: key, ...octetsOf(set) });
      }
      for (const [each, key] of evidence) {
        const isMissing = answer.evidence.some(({ kind, sha256 }) => kind === key.kind && sha256 === key.sha256);
        if (isMissing) this.#thread.send({ kind: 'evidence', key, der: this.#octets.derOf(each) });
      }
    }
    throw new EvaluationEndedError('The evidence of one question does not fit into the thread.');
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  /** What exceeds the room in the thread is left out, and proves nothing. */
  #affordable(evidence: readonly Evidence[]): ReadonlyMap<Evidence, EvidenceKey> {
    const affordable = new Map<Evidence, EvidenceKey>();
    let octets = 0;
    for (const each of new Set(evidence)) {
      octets += this.#octets.lengthOf(each);
      if (octets <= MAX_EVIDENCE_OCTETS) affordable.set(each, this.#octets.keyOf(each));
    }
    return affordable;
  }

  async #ask(message: MessageToEvaluation, signal: AbortSignal | undefined): Promise<EvaluationAnswer> {
    try {
      return await this.#thread.ask(message, { signal });
    } catch (error) {
      if (!(error instanceof ThreadEndedError)) throw error;
      const ending = error.tookTooLong
        ? 'The thread that evaluates certificates took too long and was ended.'
        : 'The thread that evaluates certificates has ended and is started again.';
      throw new EvaluationEndedError(error.cause?.message ?? ending);
    }
  }
}

/** The question may be asked again: another thread is started for it. */
export class EvaluationEndedError extends Error {
  override readonly name = 'EvaluationEndedError';
}

const BESIDE = fileURLToPath(new URL('certificate-evaluation-program.js', import.meta.url));

function octetsOf({ anchors, intermediates }: TrustSet) {
  return { anchors: anchors.map(({ der }) => der), intermediates: intermediates.map(({ der }) => der) };
}

function keyOf({ clientExtId, extId, generation, version }: TrustSet): string {
  return [clientExtId, extId, generation, version].join(' ');
}
