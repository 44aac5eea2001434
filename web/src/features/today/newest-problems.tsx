import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';

import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState } from '../../components/page.js';
import { certificatePath, userPath } from '../users/paths.js';
import { RefusalText } from '../words/refusal-text.js';
import { RuleSentences } from '../words/rule-sentences.js';
import { StateReason } from '../words/state-reason.js';
import { useNewestEvents } from './counts.js';
import { newestProblems, type Problem, problemOf } from './newest-problems.rules.js';
import { isoTime } from './time.js';

import styles from './today.module.css';

const SHOWN_ROWS = 20;
const DAYS = 30;

interface NewestProblemsProps {
  readonly client: string;
  readonly now: number;
  readonly missingRight: string | undefined;
}

/** What policies and revocations have refused or disabled, newest first, out of the audit log. */
export function NewestProblems({ client, now, missingRight }: NewestProblemsProps) {
  const { t } = useLingui();
  const isAllowed = missingRight === undefined;
  const from = isoTime(now, -DAYS);
  const kind = 'certificate' as const;
  const results = [
    useNewestEvents(client, { from, action: 'refused' }, isAllowed),
    useNewestEvents(client, { from, kind, action: 'created' }, isAllowed),
    useNewestEvents(client, { from, kind, action: 'changed' }, isAllowed),
  ];
  const rows = newestProblems(
    results.map(({ data }) => data?.items ?? []),
    SHOWN_ROWS,
  );
  const toAuditLog = `/console/${encodeURIComponent(client)}/audit?${new URLSearchParams({ from, action: 'refused', order: 'desc' }).toString()}`;
  if (!isAllowed) {
    return (
      <p className={styles['quiet']}>
        <Trans>You need the right {missingRight} to see what was refused.</Trans>
      </p>
    );
  }
  return (
    <>
      <DataTable
        caption={t`Certificates that were refused or disabled`}
        columns={columnsOf(client)}
        pages={{
          rows,
          isLoading: results.some(({ isPending }) => isPending),
          isFetching: results.some(({ isFetching }) => isFetching),
          error: results.find(({ error }) => error !== null)?.error ?? null,
          hasNext: false,
          hasPrevious: false,
          next: () => {},
          previous: () => {},
          retry: () => results.forEach(({ refetch }) => void refetch()),
        }}
        keyOf={({ id }) => id}
        empty={
          <EmptyState title={<Trans>No certificate was refused or disabled in the last {DAYS} days</Trans>}>
            <Trans>What a policy refuses or a revocation disables is shown here, newest first.</Trans>
          </EmptyState>
        }
      />
      <p>
        <Link to={toAuditLog}>
          <Trans>All refusals in the audit log</Trans>
        </Link>
      </p>
    </>
  );
}

function columnsOf(client: string): readonly Column<AuditEventResource>[] {
  return [
    { id: 'at', label: <Trans>When</Trans>, cell: ({ at }) => <Instant value={at} /> },
    { id: 'problem', label: <Trans>What</Trans>, cell: (event) => <ProblemBadge event={event} /> },
    { id: 'user', label: <Trans>User</Trans>, cell: (event) => <Name>{<Whose client={client} event={event} />}</Name> },
    {
      id: 'why',
      label: <Trans>Why</Trans>,
      cell: (event) => <Why event={event} />,
    },
    { id: 'actor', label: <Trans>By</Trans>, cell: ({ actor }) => <Name>{<CertificateText text={actor} />}</Name> },
  ];
}

function Name({ children }: { readonly children: ReactNode }) {
  return <span className={styles['name']}>{children}</span>;
}

/** In the words of the policy, where the credential has them. */
function Why({ event: { changes, code, reason } }: { readonly event: AuditEventResource }) {
  const detail = changes?.['stateChangeDetail']?.to;
  if (typeof detail === 'string') return <RuleSentences text={detail} />;
  if (code !== undefined) return <RefusalText code={code} />;
  return reason === undefined ? null : <StateReason reason={reason} />;
}

const BADGES: Readonly<Record<Problem, ReactElement>> = {
  revoked: (
    <Badge tone="danger">
      <Trans>Revoked</Trans>
    </Badge>
  ),
  disabledByPolicy: (
    <Badge tone="warning">
      <Trans>Disabled by the policy</Trans>
    </Badge>
  ),
  refused: (
    <Badge tone="danger">
      <Trans>Refused</Trans>
    </Badge>
  ),
};

function ProblemBadge({ event }: { readonly event: AuditEventResource }) {
  const problem = problemOf(event);
  return problem === undefined ? null : BADGES[problem];
}

interface WhoseProps {
  readonly client: string;
  readonly event: AuditEventResource;
}

/** The event of a refused creation belongs to the user, as there is no credential. */
function Whose({ client, event: { userExtId, extId, kind } }: WhoseProps) {
  if (userExtId === undefined) return <CertificateText text={extId} />;
  return (
    <Link to={kind === 'certificate' ? certificatePath(client, userExtId, extId) : userPath(client, userExtId)}>
      <CertificateText text={userExtId} />
    </Link>
  );
}
