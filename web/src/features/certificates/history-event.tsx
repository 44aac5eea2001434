import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';

import type {
  AuditAction,
  AuditEventResource,
  StateChangeReason,
  ValueChangeResource,
} from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { STATE_NAMES } from '../../components/state-badge.js';
import { STATE_REASONS } from './reason-texts.js';

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
  const { action, at, actor, version, reason, comment, changes = {}, requestId } = event;
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
      {reason !== undefined && <p>{i18n._(STATE_REASONS[reason as StateChangeReason] ?? reason)}</p>}
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

type Value = NonNullable<ValueChangeResource['from']>;

function Changes({ changes }: { readonly changes: Readonly<Record<string, ValueChangeResource>> }) {
  const members = Object.entries(changes);
  if (members.length === 0) return null;
  return (
    <ul className={styles['changes']}>
      {members.map(([member, { from, to }]) => (
        <li key={member}>
          <CertificateText text={member} code />
          {': '}
          {from !== undefined && (
            <del>
              <ChangedValue member={member} value={from} />
            </del>
          )}
          {from !== undefined && to !== undefined && <span aria-hidden="true"> → </span>}
          {to !== undefined && (
            <ins>
              <ChangedValue member={member} value={to} />
            </ins>
          )}
          {from === undefined && to === undefined && <Trans>changed, without its value</Trans>}
        </li>
      ))}
    </ul>
  );
}

function ChangedValue({ member, value }: { readonly member: string; readonly value: Value }) {
  const { i18n } = useLingui();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const words = {
    stateName: STATE_NAMES,
    stateChangeReason: STATE_REASONS as Readonly<Record<string, MessageDescriptor>>,
  }[member]?.[text];
  return words === undefined ? <CertificateText text={text} /> : i18n._(words);
}
