import { Trans, useLingui } from '@lingui/react/macro';

import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { Changes } from '../words/changes.js';
import { ACTION_NAMES } from '../words/names.js';

import styles from './users.module.css';

/** Who did what and when, with both values of each member that changed. */
export function EventList({ events }: { readonly events: readonly AuditEventResource[] }) {
  const { i18n } = useLingui();
  return (
    <ul className={styles['events']}>
      {events.map(({ id, at, actor, action, changes, comment }) => (
        <li key={id}>
          <p>
            <Instant value={at} /> · {i18n._(ACTION_NAMES[action])} ·{' '}
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
