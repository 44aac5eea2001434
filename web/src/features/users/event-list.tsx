import { Trans, useLingui } from '@lingui/react/macro';

import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { useActionNames } from './action-names.js';
import { memberChanges } from './changes.rules.js';
import { useMemberNames } from './member-names.js';

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
  const { t } = useLingui();
  const names: Readonly<Record<string, string>> = {
    ...useMemberNames(),
    certificate: t`Certificate`,
    stateName: t`State`,
    stateChangeReason: t`Reason of the state`,
  };
  const members = memberChanges(changes);
  if (members.length === 0) return null;
  return (
    <ul className={styles['changes']}>
      {members.map(({ member, from, to }) => (
        <li key={member} className={styles['change']}>
          <span className={styles['member']}>{names[member] ?? member}: </span>
          {from !== undefined && (
            <del>
              <CertificateText text={from} />
            </del>
          )}
          {from !== undefined && to !== undefined && ' → '}
          {to !== undefined && (
            <ins>
              <CertificateText text={to} />
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}
