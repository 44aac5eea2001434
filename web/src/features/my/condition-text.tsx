import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import { Badge, type Tone } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Expiry, Instant } from '../../components/instant.js';
import type { Condition } from './certificate-state.js';
import type { MyCertificate } from './queries.js';

interface ConditionProps {
  readonly certificate: MyCertificate;
  readonly condition: Condition;
}

const TONES: Readonly<Record<Condition, Tone>> = {
  usable: 'ok',
  endsSoon: 'warning',
  replaced: 'warning',
  notYetValid: 'neutral',
  new: 'neutral',
  toConfirm: 'warning',
  ended: 'danger',
  lockedForAWhile: 'warning',
  locked: 'danger',
  beingReset: 'warning',
  disabledByPolicy: 'danger',
  revoked: 'danger',
  disabledByOwner: 'neutral',
  disabledByOthers: 'danger',
  renewed: 'neutral',
  archived: 'neutral',
};

export function ConditionBadge({ certificate: { validity, disabledOn }, condition }: ConditionProps) {
  const { t } = useLingui();
  const texts: Readonly<Record<Condition, ReactNode>> = {
    usable: t`In use`,
    endsSoon: <Expiry value={validity.to ?? ''} />,
    replaced: disabledOn === undefined ? t`Replaced` : <Expiry value={disabledOn} />,
    notYetValid: t`Not valid yet`,
    new: t`New`,
    toConfirm: t`Please confirm`,
    ended: t`Expired`,
    lockedForAWhile: t`Locked for a short time`,
    locked: t`Locked`,
    beingReset: t`Being reset`,
    disabledByPolicy: t`Switched off`,
    revoked: t`Withdrawn`,
    disabledByOwner: t`Switched off by you`,
    disabledByOthers: t`Switched off`,
    renewed: t`Replaced`,
    archived: t`No longer in use`,
  };
  return <Badge tone={TONES[condition]}>{texts[condition]}</Badge>;
}

/** What the condition means to its owner, and what they can do; nothing for one that is simply in use. */
export function ConditionText({ certificate, condition }: ConditionProps): ReactNode {
  const { validity, disabledOn, stateChangeDetail } = certificate;
  switch (condition) {
    case 'endsSoon':
      return <Trans>Replace it before it ends. You can do that now.</Trans>;
    case 'replaced':
      return (
        <Trans>
          You have a newer certificate and have used it. This one ends by itself on{' '}
          <Instant value={disabledOn ?? ''} dateOnly />.
        </Trans>
      );
    case 'notYetValid':
      return (
        <Trans>
          It can be used from <Instant value={validity.from ?? ''} /> on.
        </Trans>
      );
    case 'new':
      return <Trans>It was registered for you, and waits until you activate it.</Trans>;
    case 'toConfirm':
      return <Trans>An administrator has changed it. Confirm that it is yours to go on using it.</Trans>;
    case 'ended':
      return <Trans>You can no longer sign in with it. Replace it with a new one.</Trans>;
    case 'lockedForAWhile':
      return <Trans>There were failed attempts to sign in with it. The lock ends by itself.</Trans>;
    case 'locked':
      return (
        <Trans>There were too many failed attempts to sign in with it. Only an administrator can unlock it.</Trans>
      );
    case 'beingReset':
      return <Trans>It is being reset. Ask your administrator what comes next.</Trans>;
    case 'disabledByPolicy':
      return (
        <>
          <Trans>It does not meet the rules of your organization. Replace it with one that does.</Trans>
          <Detail text={stateChangeDetail} />
        </>
      );
    case 'revoked':
      return (
        <Trans>
          Whoever issued it has withdrawn it, so nobody can sign in with it any more. Get a new one, and replace it
          here.
        </Trans>
      );
    case 'disabledByOwner':
      return (
        <Trans>
          Only an administrator can switch it on again. You can add another certificate, or delete this one.
        </Trans>
      );
    case 'disabledByOthers':
      return <Trans>An administrator has switched it off. Only an administrator can change that.</Trans>;
    case 'renewed':
      return <Trans>You use a newer certificate instead. You can delete this one.</Trans>;
    case 'archived':
      return <Trans>It is kept for the record only.</Trans>;
    default:
      return null;
  }
}

function Detail({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <details>
      <summary>
        <Trans>Details for your administrator</Trans>
      </summary>
      <CertificateText text={text} />
    </details>
  );
}
