import { DerError } from '../../der/der-error.js';
import { type DerReader, type DerValue, readSequence } from '../../der/der-reader.js';
import { readNamedBits } from '../../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../../der/tag.js';
import type { NameAttribute } from '../../name/name.js';
import { readRelativeDistinguishedName } from '../../name/read-name.js';
import type { ExtensionDefinition } from './extension.js';
import { type GeneralName, readGeneralNames } from './general-name.js';

/** Not more than one of the two is there. */
export interface DistributionPointName {
  readonly fullName: readonly GeneralName[] | undefined;
  readonly nameRelativeToCRLIssuer: readonly NameAttribute[] | undefined;
}

export interface DistributionPoint extends DistributionPointName {
  /** The numbers of the ReasonFlags that are set; undefined: all reasons. */
  readonly reasons: ReadonlySet<number> | undefined;
  readonly cRLIssuer: readonly GeneralName[] | undefined;
}

/** RFC 5280 section 4.2.1.13. */
export const cRLDistributionPoints: ExtensionDefinition<readonly DistributionPoint[]> = {
  oid: '2.5.29.31',
  name: 'cRLDistributionPoints',
  section: '4.2.1.13',
  critical: undefined,
  read: readDistributionPoints,
};

/** RFC 5280 section 4.2.1.15. */
export const freshestCRL: ExtensionDefinition<readonly DistributionPoint[]> = {
  oid: '2.5.29.46',
  name: 'freshestCRL',
  section: '4.2.1.15',
  critical: false,
  read: readDistributionPoints,
};

function readDistributionPoints(value: Buffer, problems: string[]): DistributionPoint[] {
  const points: DistributionPoint[] = [];
  for (const list = readSequence(value, 'the list of distribution points'); !list.atEnd;) {
    points.push(readDistributionPoint(list.take(Tag.sequence, 'a distribution point').inside(), problems));
  }
  if (points.length === 0) throw new DerError('no distribution point is named');
  return points;
}

function readDistributionPoint(fields: DerReader, problems: string[]): DistributionPoint {
  const name = fields.takeOptional(contextConstructed(0));
  const reasons = fields.takeOptional(contextPrimitive(1));
  const issuer = fields.takeOptional(contextConstructed(2));
  fields.finish('a distribution point');
  if (name === undefined && issuer === undefined) problems.push('a distribution point has neither name nor issuer');
  return {
    ...readDistributionPointName(name, problems),
    reasons: reasons && new Set(readNamedBits(reasons, problems)),
    cRLIssuer: issuer && readGeneralNames(issuer.inside(), problems),
  };
}

/** A CHOICE, so its tag is EXPLICIT. */
export function readDistributionPointName(explicit: DerValue | undefined, problems: string[]): DistributionPointName {
  if (explicit === undefined) return { fullName: undefined, nameRelativeToCRLIssuer: undefined };
  const choice = explicit.inside();
  const fullName = choice.takeOptional(contextConstructed(0));
  const relative = fullName === undefined ? choice.take(contextConstructed(1), 'the name of a point') : undefined;
  choice.finish('the name of a distribution point');
  return {
    fullName: fullName && readGeneralNames(fullName.inside(), problems),
    nameRelativeToCRLIssuer: relative && readRelativeDistinguishedName(relative, problems),
  };
}
