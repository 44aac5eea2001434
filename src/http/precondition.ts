import { appError } from '../common/errors.js';
import type { IfMatch } from '../common/expected-version.js';

/** RFC 9110 section 5.6.3: whitespace is space and tab, but not U+00A0, which `\s` and `trim` include. */
const ANY = /^[ \t]*\*[ \t]*$/;
/**
 * Elements may be empty (section 5.6.1.2), if there is at least one tag; their number is limited only by the size of
 * the header.
 */
const ENTITY_TAGS =
  /^[ \t]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?(?:,[ \t]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?)*$/;
const ENTITY_TAG = /(?:W\/)?"[^"]*"/g;
/** Strong comparison, character by character: a weak tag never matches, nor does `"01"`. */
const OWN_TAG = /^"(?:0|[1-9]\d{0,9})"$/;

const REMEDY =
  'A proxy that compresses responses may have changed it: configure it to keep ETag, send the ETag of this server, or use the member version.';

/** A header that is not a list of entity tags is 400 (contract 3.5). */
export function parseIfMatch(header: string): IfMatch {
  if (ANY.test(header)) return { versions: 'any', mismatch: '' };
  const tags = ENTITY_TAGS.test(header) ? header.match(ENTITY_TAG) : null;
  if (tags === null) {
    throw appError({
      code: 'errors.malformedRequest',
      message: 'If-Match must be * or a list of entity tags in double quotes.',
      field: 'If-Match',
    });
  }
  const versions = tags.filter((tag) => OWN_TAG.test(tag)).map((tag) => Number(tag.slice(1, -1)));
  return { versions: new Set(versions), mismatch: mismatchMessage(tags) };
}

/** Says why no tag matched: the version differs, or no tag has the form of this server's. */
function mismatchMessage(tags: readonly string[]): string {
  if (tags.some((tag) => OWN_TAG.test(tag))) {
    return 'The resource has a different version than If-Match requires. Read it again.';
  }
  if (tags.some((tag) => tag.startsWith('W/')))
    return `If-Match contains a weak entity tag, which never matches. ${REMEDY}`;
  return `If-Match contains no entity tag of this server. ${REMEDY}`;
}

export function entityTag(version: number): string {
  return `"${version}"`;
}
