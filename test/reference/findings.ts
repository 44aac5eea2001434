import type { ExtensionDefinition } from '../../src/x509/certificate/extensions/extension.js';
import { type FindingCode, findingSection } from '../../src/x509/certificate/finding-codes.js';
import { code, type Regions, table } from './markdown.js';

interface FindingSources {
  readonly codes: Readonly<Record<FindingCode, string>>;
  readonly parts: Readonly<Record<string, string>>;
  readonly extensions: Iterable<ExtensionDefinition<unknown>>;
}

/** The parts of a certificate with their sections, and the codes with their sentences. */
export function findings({ codes, parts, extensions }: FindingSources): Regions {
  const named = [...extensions].map(({ name, section }) => [name, section] as const);
  return {
    parts: table(
      ['part', 'section of RFC 5280'],
      [...Object.entries(parts), ...named].map(([name, section]) => [code(name), section]),
    ),
    codes: table(
      ['code', 'sentence', 'section'],
      (Object.entries(codes) as [FindingCode, string][]).map(([name, clause]) => [
        code(name),
        `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`,
        ownSection(name),
      ]),
    ),
  };
}

/** Empty where it is that of the part. */
function ownSection(name: FindingCode): string {
  return findingSection(name, '').replace(/^RFC 5280 section /, '');
}
