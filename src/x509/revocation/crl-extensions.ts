import {
  type DistributionPointName,
  readDistributionPointName,
} from '../certificate/extensions/distribution-points.js';
import type { ExtensionDefinition } from '../certificate/extensions/extension.js';
import { DerError } from '../der/der-error.js';
import { type DerReader, readSequence, readWhole } from '../der/der-reader.js';
import { readBoolean, readIntegerOctets, readNamedBits } from '../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../der/tag.js';

export interface IssuingDistributionPoint extends DistributionPointName {
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** The numbers of the ReasonFlags that are set; undefined: all reasons. */
  readonly onlySomeReasons: ReadonlySet<number> | undefined;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** RFC 5280 section 5.2.3. */
export const cRLNumber: ExtensionDefinition<bigint> = {
  oid: '2.5.29.20',
  name: 'cRLNumber',
  section: '5.2.3',
  critical: false,
  read: readNumber,
};

/** RFC 5280 section 5.2.4: the number of the complete CRL that the delta CRL is based on. */
export const deltaCRLIndicator: ExtensionDefinition<bigint> = {
  oid: '2.5.29.27',
  name: 'deltaCRLIndicator',
  section: '5.2.4',
  critical: true,
  read: readNumber,
};

/** RFC 5280 section 5.2.5. */
export const issuingDistributionPoint: ExtensionDefinition<IssuingDistributionPoint> = {
  oid: '2.5.29.28',
  name: 'issuingDistributionPoint',
  section: '5.2.5',
  critical: true,
  read(value, problems) {
    const fields = readSequence(value, 'the issuing distribution point');
    const name = fields.takeOptional(contextConstructed(0));
    const onlyContainsUserCerts = readFlag(fields, 1);
    const onlyContainsCACerts = readFlag(fields, 2);
    const reasons = fields.takeOptional(contextPrimitive(3));
    const indirectCRL = readFlag(fields, 4);
    const onlyContainsAttributeCerts = readFlag(fields, 5);
    fields.finish('the issuing distribution point');
    return {
      ...readDistributionPointName(name, problems),
      onlyContainsUserCerts,
      onlyContainsCACerts,
      onlySomeReasons: reasons && new Set(readNamedBits(reasons, problems)),
      indirectCRL,
      onlyContainsAttributeCerts,
    };
  },
};

function readFlag(fields: DerReader, number: number): boolean {
  const flag = fields.takeOptional(contextPrimitive(number));
  return flag !== undefined && readBoolean(flag);
}

/** RFC 5280 section 5.2.3. */
const MAX_NUMBER_OCTETS = 20;

function readNumber(value: Buffer): bigint {
  const octets = readIntegerOctets(readWhole(value, Tag.integer, 'the number of a CRL'));
  if (octets.readInt8(0) < 0) throw new DerError('the number of a CRL is negative');
  if (octets.length > MAX_NUMBER_OCTETS) throw new DerError('the number of a CRL is too long');
  return BigInt(`0x${octets.toString('hex')}`);
}
