import { hash } from 'node:crypto';

import { AppError } from '../../common/errors.js';
import { OutgoingFailure } from '../../outgoing/outgoing-request.js';
import type { Reading } from '../../x509/der/reading.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { ocspValidity } from '../../x509/revocation/ocsp/ocsp-validity.js';
import { requestedCertId } from '../../x509/revocation/ocsp/requested-cert-id.js';
import type { CrlWithDer } from './crl-reader.js';
import type { EvidenceSource } from './evidence-source.js';
import type { ReadEvidence } from './read-evidence.js';

/** Of the clock of the source (contract 13.2). A CRL has none at its end. */
const LEEWAY_MS = 5 * 60_000;

/** As label values of the metrics. */
export const FETCH_OUTCOMES = [
  'stored',
  'kept',
  'unreachable',
  'timeout',
  'status',
  'too_large',
  'unreadable',
  'not_current',
  'refused',
  'overloaded',
] as const;
export type FetchOutcome = (typeof FETCH_OUTCOMES)[number];

/** Why a source gave nothing that can be used. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';

  constructor(
    readonly outcome: FetchOutcome,
    /** One sentence, without text from the answer. */
    readonly detail: string,
  ) {
    super(detail);
  }
}

export interface SourceAnswer {
  readonly der: Buffer;
  readonly sha256: Buffer;
  readonly octets: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly crls: readonly Crl[];
  readonly ocsp: readonly OcspResponse[];
}

/**
 * What a source has answered, if it can be read and is current. Nothing of it is proven.
 *
 * @throws SourceFailure
 */
export async function readSourceAnswer(
  clientExtId: string,
  { source, request }: EvidenceSource,
  body: Buffer,
  { evidence, now }: { readonly evidence: ReadEvidence; readonly now: Date },
): Promise<SourceAnswer> {
  const octets = body.length;
  if (source.kind === 'crl') {
    const { crl, der, sha256 } = required(await readNewCrl(clientExtId, body, evidence));
    const lifetime = current({ thisUpdate: crl.thisUpdate, nextUpdate: crl.nextUpdate }, now, 0);
    return { der, sha256, octets, ...lifetime, crls: [crl], ocsp: [] };
  }
  const sha256 = hash('sha256', body, 'buffer');
  const response = required(evidence.readOcsp(clientExtId, sha256, body));
  const certId = request === null ? undefined : requestedCertId(request);
  const validity = certId && ocspValidity(response, certId);
  if (validity === undefined) {
    throw new SourceFailure('unreadable', 'The answer is about another certificate.');
  }
  return { der: body, sha256, octets, ...current(validity, now, LEEWAY_MS), crls: [], ocsp: [response] };
}

async function readNewCrl(clientExtId: string, body: Buffer, evidence: ReadEvidence): Promise<Reading<CrlWithDer>> {
  try {
    return await evidence.newCrl(clientExtId, body, false);
  } catch (error) {
    // A source must not be able to make the requests that need it fail.
    if (error instanceof AppError) throw new SourceFailure('unreadable', 'The answer could not be read in time.');
    throw error;
  }
}

interface Lifetime {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
}

function required<T>({ value, problems }: Reading<T>): T {
  if (value !== undefined) return value;
  throw new SourceFailure('unreadable', `The answer cannot be read: ${problems.at(-1) ?? 'it is malformed'}.`);
}

function current({ thisUpdate, nextUpdate }: Lifetime, now: Date, leewayMs: number) {
  const time = now.getTime();
  if (nextUpdate !== undefined && thisUpdate.getTime() <= time + LEEWAY_MS && time < nextUpdate.getTime() + leewayMs) {
    return { thisUpdate, nextUpdate };
  }
  throw new SourceFailure('not_current', 'The answer is not current.');
}

/** What the outgoing client reports, without its text. */
export function sourceFailure(error: unknown): SourceFailure {
  if (error instanceof SourceFailure) return error;
  if (!(error instanceof OutgoingFailure)) throw error;
  switch (error.reason) {
    case 'refused':
      return new SourceFailure('refused', 'The source must not be asked, or redirects elsewhere.');
    case 'overloaded':
      return new SourceFailure('overloaded', 'Too many sources are being asked.');
    case 'timeout':
      return new SourceFailure('timeout', 'The source has not answered in time.');
    case 'tooLarge':
      return new SourceFailure('too_large', 'The answer of the source is too large.');
    case 'unintelligible':
      return new SourceFailure('unreadable', 'The answer of the source has a content coding.');
    default:
      return new SourceFailure('unreachable', 'The source cannot be reached.');
  }
}
