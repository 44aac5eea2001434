import { hash } from 'node:crypto';

/**
 * Stands for a text of others as the key of a map or set. V8 hashes a text of more than 16,383 characters by its length
 * alone, so that one with many such keys of one length would compare each with all others.
 */
export function textDigest(text: string): string {
  return hash('sha256', text, 'base64url');
}
