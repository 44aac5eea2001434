import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import type { CertificateDescriptionResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CopyButton } from '../../components/copy-button.js';
import { Instant } from '../../components/instant.js';
import { shownName } from './distinguished-name.js';
import { Facts } from './facts.js';
import { Notice } from './notice.js';
import { Purposes } from './purposes.js';
import type { MyCertificate } from './queries.js';
import { ConflictText, RuleText } from './reason-text.js';
import type { Verdict } from './verdict.js';

import styles from './my.module.css';

const TONES = { accepted: 'ok', disabled: 'warning', refused: 'danger' } as const;

/** Whether a certificate can be used, in words, with every reason. */
export function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const { kind, rules, conflicts } = verdict;
  const titles: Readonly<Record<Verdict['kind'], ReactNode>> = {
    accepted: <Trans>You can use this certificate</Trans>,
    disabled: <Trans>You can save this certificate, but not sign in with it</Trans>,
    refused: <Trans>This certificate cannot be used here</Trans>,
  };
  const reasons = [
    ...rules.map((rule) => ({ text: <RuleText rule={rule} />, rule: rule.rule })),
    ...conflicts.map((conflict) => ({ text: <ConflictText conflict={conflict} />, rule: conflict.code })),
  ];
  return (
    <Notice tone={TONES[kind]} title={titles[kind]}>
      {reasons.length > 0 && (
        <ul className={styles['reasons']}>
          {reasons.map(({ text, rule }, index) => (
            <li key={`${rule} ${index}`}>{text}</li>
          ))}
        </ul>
      )}
      {reasons.length > 0 && <DetailsOf verdict={verdict} />}
    </Notice>
  );
}

/** The words of the server, for those who know certificates. */
function DetailsOf({ verdict: { rules, conflicts } }: { readonly verdict: Verdict }) {
  const { t } = useLingui();
  const lines = [
    ...rules.map(({ rule, expected, found, remedy }) =>
      [`${rule}: expected ${expected}, found ${found.replace(/\.$/, '')}.`, remedy].filter(Boolean).join(' '),
    ),
    ...conflicts.map(({ message }) => message),
  ];
  return (
    <details className={styles['details']}>
      <summary>
        <Trans>Details for your administrator</Trans>
      </summary>
      <ul className={styles['reasons']} lang="en">
        {lines.map((line) => (
          <li key={line}>
            <CertificateText text={line} />
          </li>
        ))}
      </ul>
      <CopyButton text={lines.join('\n')} what={t`the details`} />
    </details>
  );
}

/** What a certificate says, as far as its owner can compare it with what they expect. */
export function CertificateFacts({ certificate }: { readonly certificate: CertificateDescriptionResource }) {
  const { subjectDN, issuerDN, validity, extendedKeyUsage } = certificate;
  return (
    <Facts
      entries={[
        [<Trans>Name</Trans>, <NameOf dn={subjectDN} />],
        [<Trans>Issued by</Trans>, <NameOf dn={issuerDN} />],
        [<Trans>Valid from</Trans>, <Instant value={validity.from} dateOnly />],
        [<Trans>Valid until</Trans>, <Instant value={validity.to} dateOnly />],
        [<Trans>What it is for</Trans>, <Purposes oids={extendedKeyUsage} />],
      ]}
    />
  );
}

/** As long as a common name may be (RFC 5280, ub-common-name). */
const MAX_NAME = 64;

export function NameOf({ dn }: { readonly dn: string | undefined }) {
  const name = shownName(dn);
  return name === undefined ? <Trans>No name</Trans> : <CertificateText text={name} maxCharacters={MAX_NAME} />;
}

interface ComparisonProps {
  readonly certificate: CertificateDescriptionResource;
  readonly replaced: MyCertificate;
}

/** What is unusual about the new certificate beside the one that it replaces. */
export function Comparison({ certificate, replaced }: ComparisonProps) {
  const hasOtherName = shownName(certificate.subjectDN) !== shownName(replaced.subjectDN);
  const endsSooner = replaced.validity.to !== undefined && certificate.validity.to < replaced.validity.to;
  if (!hasOtherName && !endsSooner) return null;
  return (
    <Notice tone="warning">
      {hasOtherName && (
        <p>
          <Trans>
            It has another name than the one you have, which is for <NameOf dn={replaced.subjectDN} />.
          </Trans>
        </p>
      )}
      {endsSooner && (
        <p>
          <Trans>It ends sooner than the one you have. Check whether you chose the right file.</Trans>
        </p>
      )}
    </Notice>
  );
}
