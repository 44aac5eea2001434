import { Trans, useLingui } from '@lingui/react/macro';

import type { CertificateEvidenceResource, RevocationResource } from '../../api/generated/types.gen.js';
import { Badge, type Tone } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { Section } from '../../components/page.js';
import { ServerText } from '../../components/server-text.js';
import { REVOCATION_REASONS } from '../words/revocation-reasons.js';
import { REVOCATION_STATUSES } from './path-texts.js';

import styles from './certificates.module.css';

const TONES = { good: 'ok', revoked: 'danger', unknown: 'warning' } as const satisfies Record<string, Tone>;

/** What says whether the certificates of the path are revoked. */
export function RevocationEvidence({ revocation }: { readonly revocation: RevocationResource }) {
  return (
    <Section title={<Trans>Revocation</Trans>}>
      <p>
        <ServerText text={revocation.detail} />
      </p>
      {revocation.evidence.length > 0 && (
        <ul className={styles['rules']}>
          {revocation.evidence.map((evidence, index) => (
            <Evidence key={index} {...evidence} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Evidence(evidence: CertificateEvidenceResource) {
  const { i18n } = useLingui();
  const { subjectDN, fingerprint, status, reason, revocationDate, detail, section, sources, failed } = evidence;
  return (
    <li className={styles['rule']}>
      <div className={styles['ruleHead']}>
        <Badge tone={TONES[status]}>{i18n._(REVOCATION_STATUSES[status])}</Badge>
        <CertificateText text={subjectDN ?? fingerprint} />
      </div>
      {revocationDate !== undefined && (
        <p>
          <Trans>
            Revoked <Instant value={revocationDate} />
          </Trans>
          {reason !== undefined && <> ({i18n._(REVOCATION_REASONS[reason])})</>}
        </p>
      )}
      {detail !== undefined && (
        <p>
          <ServerText text={detail} /> <small className={styles['quiet']}>{section}</small>
        </p>
      )}
      <ul className={styles['bullets']}>
        {sources.map(({ kind, name, thisUpdate, nextUpdate }, index) => (
          <li key={`source ${index}`}>
            {kind.toUpperCase()} <CertificateText text={name} code />:{' '}
            <Trans>
              from <Instant value={thisUpdate} />
            </Trans>
            {nextUpdate !== undefined && (
              <>
                {' '}
                <Trans>
                  until <Instant value={nextUpdate} />
                </Trans>
              </>
            )}
          </li>
        ))}
        {failed.map(({ kind, url, detail: why }, index) => (
          <li key={`failed ${index}`} className={styles['failed']}>
            {kind.toUpperCase()} <CertificateText text={url} code />: <ServerText text={why} />
          </li>
        ))}
      </ul>
    </li>
  );
}
