import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';

import type { AuditAction, AuditEventResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { Changes } from '../words/changes.js';
import { StateReason } from '../words/state-reason.js';

import styles from './certificates.module.css';

const ACTIONS: Readonly<Record<AuditAction, MessageDescriptor>> = {
  created: msg`Registered`,
  changed: msg`Changed`,
  archived: msg`Archived`,
  deleted: msg`Deleted`,
  loggedIn: msg`Logged in`,
  loginFailed: msg`Login failed`,
  refused: msg`Change refused`,
};

/** Who did what when and why, and from what to what. */
export function HistoryEvent({ event }: { readonly event: AuditEventResource }) {
  const { i18n } = useLingui();
  const { action, at, actor, version, reason, comment, changes, requestId } = event;
  return (
    <li className={styles['event']}>
      <p className={styles['eventHead']}>
        <span className={styles['strong']}>{i18n._(ACTIONS[action])}</span>
        <Instant value={at} />
        <Trans>
          by <CertificateText text={actor} />
        </Trans>
        {version !== undefined && (
          <span className={styles['quiet']}>
            <Trans>Version {version}</Trans>
          </span>
        )}
      </p>
      {reason !== undefined && (
        <p>
          <StateReason reason={reason} />
        </p>
      )}
      {comment !== undefined && (
        <p>
          <q>
            <CertificateText text={comment} />
          </q>
        </p>
      )}
      <Changes changes={changes} />
      <small className={styles['quiet']}>
        <Trans>
          Request <code>{requestId}</code>
        </Trans>
      </small>
    </li>
  );
}
