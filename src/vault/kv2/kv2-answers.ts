import { Secret } from '../../common/secret.js';
import { readStoredContent } from '../secret-content.js';
import type { Absent, Deleted, Found, Listed, Metadata, Unavailable, VersionMetadata } from '../secret-vault.js';
import { failureOf, isAbsent, member, unavailable, type VaultAnswer } from './vault-answer.js';

const MALFORMED = unavailable('unintelligible');

/** For a deleted or destroyed version the response is a 404 with metadata (KV v2, "read secret version"). */
export function readFound(answer: VaultAnswer): Found | Absent | Deleted | Unavailable {
  if (isAbsent(answer)) return { outcome: 'absent' };
  const metadata = member(answer.body, 'data', 'metadata');
  if (answer.status === 404 && member(answer.body, 'data', 'data') === null && metadata !== undefined) {
    return { outcome: member(metadata, 'destroyed') === true ? 'absent' : 'deleted' };
  }
  if (answer.status !== 200) return failureOf(answer);
  const version = member(metadata, 'version');
  if (!isVersion(version)) return MALFORMED;
  const content = readStoredContent(member(answer.body, 'data', 'data'));
  // Written by something else, not by this server.
  if (content === undefined) return unavailable('unreadable');
  return { outcome: 'found', version, secret: new Secret(content) };
}

export function readMetadata(answer: VaultAnswer): Metadata | Absent | Unavailable {
  if (isAbsent(answer)) return { outcome: 'absent' };
  if (answer.status !== 200) return failureOf(answer);
  const currentVersion = member(answer.body, 'data', 'current_version');
  const entries = member(answer.body, 'data', 'versions');
  // Metadata is written first; if the write that follows fails, there is only metadata.
  if (currentVersion === 0) return { outcome: 'absent' };
  if (!isVersion(currentVersion) || typeof entries !== 'object' || entries === null) return MALFORMED;
  const versions = Object.entries(entries).map(([version, entry]) => readVersion(Number(version), entry));
  if (!versions.every((version) => version !== undefined)) return MALFORMED;
  return { outcome: 'found', currentVersion, versions: versions.toSorted((a, b) => a.version - b.version) };
}

export function readList(answer: VaultAnswer): Listed | Unavailable {
  if (isAbsent(answer)) return { outcome: 'listed', keyStoreIds: [] };
  if (answer.status !== 200) return failureOf(answer);
  const keys = member(answer.body, 'data', 'keys');
  if (!Array.isArray(keys)) return MALFORMED;
  const keyStoreIds = keys.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  return { outcome: 'listed', keyStoreIds: keyStoreIds.toSorted((a, b) => a - b) };
}

function readVersion(version: number, entry: unknown): VersionMetadata | undefined {
  const created = readTime(member(entry, 'created_time'));
  if (!isVersion(version) || created === undefined) return undefined;
  if (member(entry, 'destroyed') === true) return { version, created, state: 'destroyed' };
  // Decided by the vault's own data: if its clock is ahead of ours, comparing times would make a deleted version look
  // live.
  return { version, created, state: readTime(member(entry, 'deletion_time')) === undefined ? 'live' : 'deleted' };
}

/** RFC 3339 with nanoseconds; empty if not set. */
function readTime(text: unknown): Date | undefined {
  const time = new Date(typeof text === 'string' ? text : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
