import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';

import type { AuditAction, AuditEventResource } from '../../api/generated/types.gen.js';
import { Badge, type Tone } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CopyButton } from '../../components/copy-button.js';
import { ACTION_NAMES, KIND_NAMES } from '../words/names.js';
import { RefusalText } from '../words/refusal-text.js';
import { StateReason } from '../words/state-reason.js';

import styles from './audit.module.css';

const TONES: Readonly<Record<AuditAction, Tone>> = {
  created: 'ok',
  changed: 'neutral',
  archived: 'warning',
  deleted: 'warning',
  loggedIn: 'ok',
  loginFailed: 'danger',
  refused: 'danger',
};

export function What({ event }: { readonly event: AuditEventResource }) {
  const { i18n } = useLingui();
  const { action, kind, extId, userExtId, version } = event;
  const path = pathOf(event);
  return (
    <span className={styles['stack']}>
      <span>
        <Badge tone={TONES[action]}>{i18n._(ACTION_NAMES[action])}</Badge> {i18n._(KIND_NAMES[kind])}{' '}
        {version !== undefined && (
          <small className={styles['quiet']}>
            <Trans>version {version}</Trans>
          </small>
        )}
      </span>
      {path === undefined ? <CertificateText text={extId} /> : <Link to={path}>{extId}</Link>}
      {userExtId !== undefined && kind !== 'user' && (
        <small className={styles['quiet']}>
          <Trans>of the user {userExtId}</Trans>
        </small>
      )}
    </span>
  );
}

const to = (...parts: readonly string[]) => `../${parts.map(encodeURIComponent).join('/')}`;

/** The page of the resource, from the page of the audit log. */
function pathOf({ kind, extId, userExtId }: AuditEventResource): string | undefined {
  switch (kind) {
    case 'user':
      return to('users', extId);
    case 'certificate':
      return userExtId === undefined ? undefined : to('users', userExtId, 'certificates', extId);
    case 'policy':
      return to('policies', extId);
    case 'trustAnchorSet':
      return to('trust-anchor-sets', extId);
    case 'password':
    case 'client':
    case 'keyStore':
    case 'job':
      return undefined;
  }
}

/** Of a request id: the whole one would be the largest text of a row, and is read by no one. */
const ID_CHARACTERS = 8;

export function Why({ event: { reason, comment, code, requestId } }: { readonly event: AuditEventResource }) {
  const { t } = useLingui();
  return (
    <span className={styles['stack']}>
      {code !== undefined && <RefusalText code={code} />}
      {reason !== undefined && <StateReason reason={reason} />}
      {comment !== undefined && <CertificateText text={comment} />}
      <small className={styles['request']}>
        <code title={requestId}>{requestId.slice(0, ID_CHARACTERS)}…</code>
        <CopyButton text={requestId} what={t`the request ID`} />
      </small>
    </span>
  );
}
