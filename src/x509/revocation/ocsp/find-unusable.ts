import { findWeakSignature } from '../../path/algorithms.js';
import type { PathParameters } from '../../path/path-parameters.js';
import type { UnknownCause } from '../unknown-cause.js';
import type { OcspResponse, SingleResponse } from './ocsp-response.js';
import { FIVE_MINUTES, validityOf } from './ocsp-validity.js';

/** Why a response says nothing about any certificate, whoever has signed it. */
export function findUnusableResponse(
  { signature, hasUnknownCriticalExtension, producedAt }: OcspResponse,
  { algorithms, time }: PathParameters,
): UnknownCause | undefined {
  const weak = findWeakSignature(signature, algorithms);
  if (weak !== undefined) return unusable('4.2.1', weak);
  if (hasUnknownCriticalExtension) return CRITICAL_EXTENSION;
  return isInFuture(producedAt, time) ? FROM_THE_FUTURE : undefined;
}

/** Why an answer about one certificate says nothing: 13.2, with five minutes of leeway at both ends. */
export function findUnusableAnswer(
  answer: SingleResponse,
  { time }: Pick<PathParameters, 'time'>,
): UnknownCause | undefined {
  if (answer.hasUnknownCriticalExtension) return CRITICAL_EXTENSION;
  const { thisUpdate, nextUpdate } = validityOf(answer);
  if (nextUpdate.getTime() < thisUpdate.getTime()) {
    return unusable('4.2.2.1', 'The OCSP response ends before it begins.');
  }
  if (isInFuture(thisUpdate, time)) return FROM_THE_FUTURE;
  // Written so that an invalid date is outside.
  if (nextUpdate.getTime() >= inWholeSeconds(time) - FIVE_MINUTES) return undefined;
  return { code: 'ocspExpired', section: 'RFC 6960 section 3.2 (6)', detail: 'The OCSP response is too old.' };
}

function isInFuture(date: Date, time: Date): boolean {
  return !(date.getTime() <= inWholeSeconds(time) + FIVE_MINUTES);
}

/** Responses have no smaller unit. */
function inWholeSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}

function unusable(section: string, detail: string): UnknownCause {
  return { code: 'ocspUnusable', section: `RFC 6960 section ${section}`, detail };
}

const CRITICAL_EXTENSION = unusable('4.4', 'The OCSP response has a critical extension that is not processed.');

const FROM_THE_FUTURE: UnknownCause = {
  code: 'ocspNotYetValid',
  section: 'RFC 6960 section 3.2 (5)',
  detail: 'The OCSP response is from the future.',
};
