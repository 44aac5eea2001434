import { findPath } from '../../src/x509/path/find-path.js';
import { type PathParameters, productionParameters } from '../../src/x509/path/path-parameters.js';
import type { PathResult } from '../../src/x509/path/path-result.js';
import { prepareAnchors } from '../../src/x509/path/prepared-anchors.js';
import type { Issued } from './signed-certificate.js';

/** While the certificates of the tests are valid. */
export const production = productionParameters(new Date('2026-06-01T00:00:00Z'));

export interface PathSearchSetup {
  readonly anchors: readonly Issued[];
  readonly intermediates?: readonly Issued[];
  readonly parameters?: Partial<PathParameters>;
}

const certificates = (list: readonly Issued[]) => list.map(({ certificate }) => certificate);

/** In production, unless parameters say otherwise. */
export function search(leaf: Issued, { anchors, intermediates = [], parameters = {} }: PathSearchSetup): PathResult {
  const set = prepareAnchors(certificates(anchors), certificates(intermediates));
  return findPath(leaf.certificate, set, { ...production, ...parameters });
}

export const outcome = (result: PathResult) => (result.proven ? 'proven' : result.reason);
/** Who was rejected, and why. */
export const reasons = (result: PathResult) =>
  result.proven ? [] : result.attempt.rejections.map(({ certificate, reason }) => [certificate, reason]);

/** The last certificate of the path is the leaf, the first the anchor; the others are known as intermediates. */
export function verdict(path: readonly [Issued, ...Issued[]], parameters: Partial<PathParameters> = {}): string {
  const [anchor, ...others] = path;
  const leaf = others.pop() ?? anchor;
  return outcome(search(leaf, { anchors: [anchor], intermediates: others, parameters }));
}
