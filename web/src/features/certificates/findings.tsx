import { Trans } from '@lingui/react/macro';

import type { FindingResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { WarningIcon } from '../../components/icons.js';
import { Section } from '../../components/page.js';
import { ServerText } from '../../components/server-text.js';

import styles from './certificates.module.css';

/** Where the certificate deviates from RFC 5280, in the words of the server. */
export function Findings({ findings }: { readonly findings: readonly FindingResource[] }) {
  return (
    <Section title={<Trans>Findings</Trans>}>
      {findings.length === 0 ? (
        <p>
          <Trans>The certificate follows RFC 5280 in everything that was looked at.</Trans>
        </p>
      ) : (
        <ul className={styles['notes']}>
          {findings.map(({ code, part, detail, section }, index) => (
            <li key={index} className={styles['note']} data-tone="warning">
              <WarningIcon />
              <span>
                <CertificateText text={part} code />: <ServerText text={detail} />{' '}
                <small className={styles['quiet']}>
                  {section} · <code>{code}</code>
                </small>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
