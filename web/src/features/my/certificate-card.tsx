import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useState } from 'react';

import { Button, LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { Instant } from '../../components/instant.js';
import { addressOf } from './addresses.js';
import { conditionOf, offersOf } from './certificate-state.js';
import { ChangeProblem } from './change-problem.js';
import { ConditionBadge, ConditionText } from './condition-text.js';
import { shownName } from './distinguished-name.js';
import { Facts } from './facts.js';
import { Purposes } from './purposes.js';
import type { MyCertificate } from './queries.js';
import { useCardChanges } from './use-card-changes.js';
import { useSubmit } from './use-submit.js';
import { NameOf } from './verdict-view.js';

import styles from './my.module.css';

interface CertificateCardProps {
  readonly certificate: MyCertificate;
  /** Another one has the same name, so that only the ID tells them apart. */
  readonly hasNamesake: boolean;
  readonly onDeleted: () => void;
}

export function CertificateCard({ certificate, hasNamesake, onDeleted }: CertificateCardProps) {
  const titleId = useId();
  const condition = conditionOf(certificate, Date.now());
  return (
    <article className={styles['card']} aria-labelledby={titleId}>
      <header className={styles['cardHeader']}>
        <h2 id={titleId} className={styles['cardTitle']}>
          <NameOf dn={certificate.subjectDN} />
          {hasNamesake && (
            <>
              {' '}
              <small className={styles['quiet']}>
                (<CertificateText text={certificate.extId} plain />)
              </small>
            </>
          )}
        </h2>
        <ConditionBadge {...{ certificate, condition }} />
      </header>
      <div className={styles['cardText']}>
        <ConditionText {...{ certificate, condition }} />
      </div>
      <CardFacts certificate={certificate} />
      <CardActions {...{ certificate, hasNamesake, onDeleted }} offers={offersOf(condition)} />
    </article>
  );
}

function CardFacts({ certificate }: { readonly certificate: MyCertificate }) {
  const { validity, lastSuccessfulLoginDate: lastUsed, extendedKeyUsage, issuerDN } = certificate;
  return (
    <Facts
      entries={[
        [<Trans>Valid until</Trans>, validity.to !== undefined && <Instant value={validity.to} dateOnly />],
        [<Trans>Last used</Trans>, lastUsed === undefined ? <Trans>never</Trans> : <Instant value={lastUsed} />],
        [<Trans>What it is for</Trans>, <Purposes oids={extendedKeyUsage} />],
        [<Trans>Issued by</Trans>, <NameOf dn={issuerDN} />],
      ]}
    />
  );
}

interface CardActionsProps extends CertificateCardProps {
  readonly offers: ReturnType<typeof offersOf>;
}

function CardActions({ certificate, hasNamesake, offers, onDeleted }: CardActionsProps) {
  const { t } = useLingui();
  const [asked, setAsked] = useState<'disable' | 'remove'>();
  const changes = useCardChanges(certificate);
  const { submit, isPending, error } = useSubmit(async (what: 'activate' | 'disable' | 'remove') => {
    setAsked(undefined);
    if (what === 'remove') {
      await changes.remove();
      onDeleted();
    } else await changes.setState(what === 'activate' ? 'active' : 'disabled');
  });
  const { subjectDN, extId } = certificate;
  const own = shownName(subjectDN) ?? extId;
  const name = hasNamesake ? `${own} (${extId})` : own;
  const close = () => setAsked(undefined);
  return (
    <div className={styles['stack']}>
      <div className={styles['actions']}>
        {offers.activate && (
          <Button variant="primary" pending={isPending} onClick={() => submit('activate')}>
            <Trans>Activate</Trans>
          </Button>
        )}
        {offers.replace && (
          <LinkButton
            variant={offers.replaceNow ? 'primary' : 'secondary'}
            to={addressOf(certificate.extId)}
            aria-label={t`Replace ${name}`}
          >
            <Trans>Replace</Trans>
          </LinkButton>
        )}
        {offers.disable && (
          <Button
            variant={offers.replace ? 'quiet' : 'secondary'}
            pending={isPending}
            aria-label={t`Switch off ${name}`}
            onClick={() => setAsked('disable')}
          >
            <Trans>Switch off</Trans>
          </Button>
        )}
        {offers.remove && (
          <Button
            variant={offers.replace ? 'quiet' : 'secondary'}
            pending={isPending}
            aria-label={t`Delete ${name}`}
            onClick={() => setAsked('remove')}
          >
            <Trans>Delete</Trans>
          </Button>
        )}
      </div>
      <ChangeProblem error={error} />
      <ConfirmDialog
        open={asked === 'disable'}
        onClose={close}
        title={<Trans>Switch off {name}?</Trans>}
        consequence={
          <Trans>
            Nobody can sign in with it any more, and you cannot switch it on again yourself: only an administrator can.
            Do this at once if somebody else may have it.
          </Trans>
        }
        confirm={<Trans>Switch off</Trans>}
        onConfirm={() => submit('disable')}
      />
      <ConfirmDialog
        open={asked === 'remove'}
        onClose={close}
        title={<Trans>Delete {name}?</Trans>}
        consequence={
          <Trans>
            You can no longer sign in with it. If it is your only one, you need another way to sign in. The file on your
            device stays, and you can add it here again.
          </Trans>
        }
        confirm={<Trans>Delete</Trans>}
        onConfirm={() => submit('remove')}
      />
    </div>
  );
}
