import { appError } from '../common/errors.js';

/** A parsed If-Match (RFC 9110 section 13.1.1): any version at all, or one of these. */
export type IfMatch = 'any' | ReadonlySet<number>;

const ENTITY_TAGS = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*\s*$/;
const STRONG_VERSION = /^"(\d{1,10})"$/;

/**
 * Strong comparison: a weak tag never matches, and a tag that is no version of ours matches nothing. A header that is
 * no list of entity tags is 400 (contract 3.5).
 */
export function parseIfMatch(header: string): IfMatch {
  if (header.trim() === '*') return 'any';
  if (!ENTITY_TAGS.test(header)) {
    throw appError({
      code: 'errors.malformedRequest',
      message: 'If-Match must be * or a list of entity tags in double quotes.',
      field: 'If-Match',
    });
  }
  const versions = new Set<number>();
  for (const tag of header.match(/(?:W\/)?"[^"]*"/g) ?? []) {
    const version = STRONG_VERSION.exec(tag)?.[1];
    if (version !== undefined) versions.add(Number(version));
  }
  return versions;
}

export function entityTag(version: number): string {
  return `"${version}"`;
}
