import type { TrailEvent } from '../audit/trail-event.js';
import type { KeyStoreRow } from './key-store-row.model.js';

type Described = Pick<KeyStoreRow, 'id' | 'incarnation' | 'name' | 'displayName' | 'subjectDn' | 'expires'>;

/** What a line of the trail says of a key store: never its p12, its password, or a digest of either. */
export function keyStoreEvent(
  action: 'created' | 'changed' | 'deleted',
  row: Described,
  changed?: readonly string[],
): TrailEvent {
  return {
    action,
    kind: 'keyStore',
    extId: String(row.id),
    incarnation: row.incarnation,
    changed,
    after: {
      name: row.name,
      displayName: row.displayName ?? row.name,
      subject: row.subjectDn ?? undefined,
      expires: row.expires.toISOString(),
    },
  };
}
