import { hash } from 'node:crypto';

import { foldCase } from '../../common/fold-case.js';
import type { OpenRow } from '../job.model.js';

/**
 * What a line names that only one user or certificate can have. Lines with a key in common have an effect in their order,
 * so that the first one is never refused because of a later one.
 */
export function keysOfLine({
  userExtId,
  extId,
  line,
}: Pick<OpenRow, 'userExtId' | 'extId' | 'line'>): readonly string[] {
  const { loginId, certificate } = line ?? {};
  return [
    ...(userExtId === null ? [] : [`user ${userExtId}`]),
    ...(extId === null ? [] : [`extId ${extId}`]),
    ...(typeof loginId === 'string' ? [`loginId ${digest(foldCase(loginId))}`] : []),
    ...(typeof certificate === 'string' ? [`certificate ${digest(certificate.replaceAll(/\s/g, ''))}`] : []),
  ];
}

/**
 * Of texts that nobody has checked yet: V8 hashes one of more than 16,383 characters by its length alone, so that a map with
 * many of them as its keys would compare each with all others.
 */
function digest(text: string): string {
  return hash('sha256', text);
}
