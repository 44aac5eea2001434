import { foldCase } from '../../common/fold-case.js';
import { textDigest } from '../../common/text-digest.js';
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
    ...(typeof loginId === 'string' ? [`loginId ${textDigest(foldCase(loginId))}`] : []),
    ...(typeof certificate === 'string' ? [`certificate ${textDigest(certificate.replaceAll(/\s/g, ''))}`] : []),
  ];
}
