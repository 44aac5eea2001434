import { Trans } from '@lingui/react/macro';

import type { AuditEventResource, ValueChangeResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { useActionNames } from './action-names.js';

import styles from './users.module.css';

/** Who did what and when, with both values of each member that changed. */
export function EventList({ events }: { readonly events: readonly AuditEventResource[] }) {
  const actionNames = useActionNames();
  return (
    <ul className={styles['events']}>
      {events.map(({ id, at, actor, action, changes, comment }) => (
        <li key={id}>
          <p>
            <Instant value={at} /> · {actionNames[action]} ·{' '}
            <Trans>
              by <CertificateText text={actor} />
            </Trans>
          </p>
          <Changes changes={changes} />
          {comment !== undefined && (
            <p className={styles['quiet']}>
              <CertificateText text={comment} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Changes({ changes }: { readonly changes: AuditEventResource['changes'] }) {
  const members = Object.entries(changes ?? {});
  if (members.length === 0) return null;
  return (
    <ul className={styles['changes']}>
      {members.map(([member, { from, to }]) => (
        <li key={member} className={styles['change']}>
          <span className={styles['member']}>{member}: </span>
          {from !== undefined && (
            <del>
              <CertificateText text={textOf(from)} />
            </del>
          )}
          {from !== undefined && to !== undefined && ' → '}
          {to !== undefined && (
            <ins>
              <CertificateText text={textOf(to)} />
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}

function textOf(value: NonNullable<ValueChangeResource['from']>): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
