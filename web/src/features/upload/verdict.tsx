import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactElement } from 'react';

import type { RuleOutcomeResource } from '../../api/generated/types.gen.js';
import { Badge, type Tone } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Expiry, Instant } from '../../components/instant.js';
import { DescriptionList, Section } from '../../components/page.js';
import { ServerText } from '../../components/server-text.js';
import { AlternativeNames } from '../words/alternative-names.js';
import { RuleName } from '../words/rule-name.js';
import type { DryRun, UploadVerdict } from './dry-run.js';

import styles from './upload.module.css';

const TONES = { accepted: 'ok', disabled: 'warning', refused: 'danger' } as const satisfies Record<UploadVerdict, Tone>;

/** What would become of the certificate, why, and what would make it pass. */
export function Verdict({ dryRun }: { readonly dryRun: DryRun }) {
  const { verdict, rules, otherErrors, explanation, stored } = dryRun;
  const failed = rules.filter(({ passed }) => !passed);
  const passed = rules.filter((rule) => rule.passed);
  const conflicts = explanation?.conflicts.map(({ message }) => message) ?? [];
  const reasons = [...new Set([...otherErrors, ...(verdict === 'refused' ? conflicts : [])])];
  return (
    <>
      <div className={styles['verdict']} data-tone={TONES[verdict]} role="status">
        <strong>{TITLES[verdict]}</strong>
        {verdict === 'disabled' && stored !== undefined && stored.stateChangeReason !== 'policy-check-failed' && (
          <p>
            <Trans>The credential is disabled now, and stays so.</Trans>
          </p>
        )}
        {reasons.map((reason) => (
          <p key={reason}>
            <ServerText text={reason} />
          </p>
        ))}
      </div>
      {failed.length > 0 && (
        <Section title={<Trans>What stands in the way</Trans>}>
          <Rules rules={failed} />
        </Section>
      )}
      {explanation !== undefined && <Certificate explanation={explanation} />}
      {passed.length > 0 && (
        <details className={styles['details']}>
          <summary>
            <Trans>Rules that it passes ({passed.length})</Trans>
          </summary>
          <Rules rules={passed} />
        </details>
      )}
      {rules.length === 0 && verdict === 'accepted' && (
        <p className={styles['note']}>
          <Trans>The policy has no rule for certificates.</Trans>
        </p>
      )}
    </>
  );
}

const TITLES: Readonly<Record<UploadVerdict, ReactElement>> = {
  accepted: <Trans>This certificate would be accepted.</Trans>,
  disabled: <Trans>This certificate would be stored, but disabled: nobody could log in with it.</Trans>,
  refused: <Trans>This certificate would be refused.</Trans>,
};

function Rules({ rules }: { readonly rules: readonly RuleOutcomeResource[] }) {
  return (
    <ul className={styles['rules']}>
      {rules.map(({ rule, passed, expected, found, remedy }, index) => (
        <li key={`${rule} ${index}`} className={styles['rule']}>
          <p className={styles['ruleName']}>
            <Badge tone={passed ? 'ok' : 'danger'}>{passed ? <Trans>passed</Trans> : <Trans>failed</Trans>}</Badge>{' '}
            <RuleName rule={rule} />
          </p>
          <p>
            <Trans>
              Expected: <ServerText text={expected} />
            </Trans>
          </p>
          <p>
            <Trans>
              Found: <ServerText text={found} />
            </Trans>
          </p>
          {!passed && remedy !== undefined && (
            <p className={styles['remedy']}>
              <ServerText text={remedy} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Certificate({ explanation }: { readonly explanation: NonNullable<DryRun['explanation']> }) {
  const { t } = useLingui();
  const { certificate, findings } = explanation;
  const { subjectDN, issuerDN, serial, validity, keyType, signatureAlgorithm, subjectAlternativeNames } = certificate;
  return (
    <Section title={<Trans>The certificate</Trans>}>
      <DescriptionList
        entries={[
          [t`Subject`, text(subjectDN)],
          [t`Issuer`, text(issuerDN)],
          [
            t`Alternative names`,
            subjectAlternativeNames.length === 0 ? undefined : <AlternativeNames names={subjectAlternativeNames} />,
          ],
          [t`Valid from`, <Instant value={validity.from} />],
          [
            t`Valid until`,
            <>
              <Instant value={validity.to} /> (<Expiry value={validity.to} />)
            </>,
          ],
          [t`Serial number`, <CertificateText text={serial} code />],
          [t`Key`, text(keyType)],
          [t`Signature`, text(signatureAlgorithm)],
          [t`Fingerprint (SHA-256)`, <CertificateText text={certificate.fingerprintSha256} code />],
          [
            t`Findings`,
            findings.length === 0 ? undefined : (
              <ul>
                {findings.map(({ code, detail, section }, index) => (
                  <li key={`${code} ${index}`}>
                    <CertificateText text={detail} /> <span className={styles['quiet']}>({section})</span>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
    </Section>
  );
}

function text(value: string | undefined): ReactElement | undefined {
  return value === undefined ? undefined : <CertificateText text={value} />;
}
