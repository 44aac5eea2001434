import { appError } from '../common/errors.js';

/** A parsed If-Match (RFC 9110 section 13.1.1): any version at all, or one of these entity tags, as they were sent. */
export type IfMatch = 'any' | ReadonlySet<string>;

/** RFC 9110 section 5.6.3: blanks and tabs, and not U+00A0, which `\s` and `trim` take for a blank. */
const ANY = /^[ \t]*\*[ \t]*$/;
/** Elements may be empty (section 5.6.1.2), as long as there is a tag; as many as a header has room for. */
const ENTITY_TAGS =
  /^[ \t]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?(?:,[ \t]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?)*$/;
const ENTITY_TAG = /(?:W\/)?"[^"]*"/g;
const OWN_TAG = /^"(?:0|[1-9]\d{0,9})"$/;

const REMEDY =
  'A proxy that compresses answers may have changed it: have it leave ETag alone, send the ETag that this server gave, or the member version.';

/** A header that is no list of entity tags is 400 (contract 3.5). */
export function parseIfMatch(header: string): IfMatch {
  if (ANY.test(header)) return 'any';
  const tags = ENTITY_TAGS.test(header) ? header.match(ENTITY_TAG) : null;
  if (tags === null) {
    throw appError({
      code: 'errors.malformedRequest',
      message: 'If-Match must be * or a list of entity tags in double quotes.',
      field: 'If-Match',
    });
  }
  return new Set(tags);
}

/** Strong comparison, character by character: neither a weak tag matches nor `"01"`. */
export function matches(ifMatch: IfMatch, version: number): boolean {
  return ifMatch === 'any' || ifMatch.has(entityTag(version));
}

/** Why no tag matched: because of the version, or because none of them is one that this server gives. */
export function mismatchMessage(ifMatch: IfMatch): string {
  const tags = ifMatch === 'any' ? [] : [...ifMatch];
  if (tags.some((tag) => OWN_TAG.test(tag))) {
    return 'The resource has another version than If-Match asks for. Read it again.';
  }
  if (tags.some((tag) => tag.startsWith('W/')))
    return `If-Match holds a weak entity tag, which never matches. ${REMEDY}`;
  return `If-Match holds no entity tag of this server. ${REMEDY}`;
}

export function entityTag(version: number): string {
  return `"${version}"`;
}
