import type { DerCertificate } from '../certificate/der-certificate.js';
import type { PathAttempt, PathReason, Problem, Rejection } from './path-result.js';
import type { PreparedCertificate } from './prepared-certificate.js';

/** How close an attempt came to an anchor, the closest last. */
const CLOSENESS = ['otherKey', 'onTheWay', 'anchorRejected', 'complete'] as const;

interface Attempt {
  readonly path: readonly PreparedCertificate[];
  readonly problem: Problem;
  readonly closeness: number;
}

/** Remembers why certificates were rejected, and which attempt came closest to an anchor. */
export class BestAttempt {
  readonly #rejections: Rejection[] = [];
  readonly #known = new Map<DerCertificate, Set<PathReason>>();
  #best: Attempt | undefined;

  /** `path` is what was reached, from the leaf upwards; the rejected one may be its next certificate or one of it. */
  reject(path: readonly PreparedCertificate[], rejected: PreparedCertificate, problem: Problem): void {
    this.#remember({ certificate: rejected.certificate, ...problem });
    const closeness = CLOSENESS.indexOf(closenessOf(path, rejected, problem));
    if (isCloser({ path, problem, closeness }, this.#best)) this.#best = { path, problem, closeness };
  }

  get problem(): Problem | undefined {
    return this.#best?.problem;
  }

  get attempt(): PathAttempt {
    return {
      certificates: this.#best?.path.map(({ certificate }) => certificate) ?? [],
      rejections: this.#rejections,
    };
  }

  /** In a graph, one certificate may be rejected for one reason in many paths. */
  #remember(rejection: Rejection): void {
    const reasons = this.#known.get(rejection.certificate) ?? new Set();
    if (reasons.has(rejection.reason)) return;
    this.#known.set(rejection.certificate, reasons.add(rejection.reason));
    this.#rejections.push(rejection);
  }
}

/** A certificate with another key has only the name of the issuer, so that it explains least. */
function closenessOf(
  path: readonly PreparedCertificate[],
  rejected: PreparedCertificate,
  { reason }: Problem,
): (typeof CLOSENESS)[number] {
  if (path.at(-1)?.isAnchor === true) return 'complete';
  if (reason === 'badSignature') return 'otherKey';
  return rejected.isAnchor ? 'anchorRejected' : 'onTheWay';
}

function isCloser(attempt: Attempt, best: Attempt | undefined): boolean {
  if (best === undefined || attempt.closeness !== best.closeness) {
    return attempt.closeness > (best?.closeness ?? -1);
  }
  return attempt.path.length > best.path.length;
}
