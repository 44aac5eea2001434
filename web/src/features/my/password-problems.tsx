import { Plural, Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import type { ApiError, ErrorDetail } from '../../api/api-error.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Notice } from './notice.js';

import styles from './my.module.css';

/** Why the policy does not allow a new password. */
export function PasswordProblems({ error: { details } }: { readonly error: ApiError }) {
  return (
    <Notice tone="danger" title={<Trans>Choose another new password</Trans>}>
      <ul className={styles['reasons']}>
        {details.map((detail) => (
          <li key={detail.message}>{textOf(detail)}</li>
        ))}
      </ul>
    </Notice>
  );
}

function textOf({ rule, expected = '', message, remedy }: ErrorDetail): ReactNode {
  if (rule === 'minLength') {
    const length = Number(/\d+/.exec(expected)?.[0] ?? 0);
    return <Plural value={length} one="It needs # character or more." other="It needs # characters or more." />;
  }
  if (rule === 'allowLoginIdInPassword') return <Trans>It must not contain your user name.</Trans>;
  return <CertificateText text={remedy ?? message} />;
}
