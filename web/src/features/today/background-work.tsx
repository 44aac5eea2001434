import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ApiError } from '../../api/api-error.js';
import { Badge } from '../../components/badge.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { DescriptionList, Section } from '../../components/page.js';
import { type Health, healthOf, samplesOf } from './background-work.rules.js';

/** Whether the parts of the server answer, and how far its work in the background is. */
export function BackgroundWork() {
  const { data, error, refetch } = useQuery({
    queryKey: ['background-work'],
    queryFn: async ({ signal }) => {
      const [health, samples] = await Promise.all([readHealth(signal), readSamples(signal)]);
      return { health, samples };
    },
  });
  return (
    <Section title={<Trans>State of the server</Trans>}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <DescriptionList entries={[...partEntries(data.health), ...workEntries(data.samples)]} />}
    </Section>
  );
}

/** It answers 503 with the same body if a part is down. */
async function readHealth(signal: AbortSignal): Promise<Health> {
  const response = await fetch('/health/ready', { signal });
  const health = healthOf(await response.json().catch(() => undefined));
  if (health === undefined) throw new ApiError(response.status, [], response.headers.get('X-Request-Id') ?? undefined);
  return health;
}

/** Empty where a proxy keeps the metrics back. */
async function readSamples(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const response = await fetch('/metrics', { signal }).catch(() => undefined);
  return samplesOf(response?.ok === true ? await response.text() : '');
}

type Entry = readonly [ReactNode, ReactNode];

function partEntries({ status, parts }: Health): readonly Entry[] {
  const names: Readonly<Record<string, ReactNode>> = {
    database: <Trans>Database</Trans>,
    vault: <Trans>Vault of the key stores</Trans>,
    keys: <Trans>Keys of the token issuer</Trans>,
    replica: <Trans>Replica of the database</Trans>,
  };
  const entries = Object.entries(parts).map(([part, health]): Entry => [names[part] ?? part, <Up health={health} />]);
  return [[<Trans>This server takes requests</Trans>, <Up health={status} />], ...entries];
}

function Up({ health }: { readonly health: Health['status'] }) {
  return health === 'up' ? (
    <Badge tone="ok">
      <Trans>yes</Trans>
    </Badge>
  ) : (
    <Badge tone="danger">
      <Trans>no</Trans>
    </Badge>
  );
}

function workEntries(samples: ReadonlyMap<string, number>): readonly Entry[] {
  const complete = (name: string) => {
    const value = samples.get(name);
    return value === undefined ? undefined : <Complete isComplete={value === 1} />;
  };
  const seconds = (name: string) => {
    const value = samples.get(name);
    return value === undefined ? undefined : <Seconds value={value} />;
  };
  return [
    [<Trans>Certificates can be searched by every field</Trans>, complete('certkeep_search_columns_complete')],
    [<Trans>Users can be searched by every field</Trans>, complete('certkeep_user_search_columns_complete')],
    [<Trans>Oldest check of a client for revocations</Trans>, seconds('certkeep_revocation_checks_oldest_seconds')],
    [<Trans>Refresh of revocation evidence overdue by</Trans>, seconds('certkeep_revocation_refresh_overdue_seconds')],
  ];
}

function Complete({ isComplete }: { readonly isComplete: boolean }) {
  if (isComplete) {
    return (
      <Badge tone="ok">
        <Trans>yes</Trans>
      </Badge>
    );
  }
  return <Trans>in progress, or done by another server</Trans>;
}

function Seconds({ value }: { readonly value: number }) {
  const { i18n } = useLingui();
  if (value === 0) return <Trans>nothing is waiting here</Trans>;
  return <>{i18n.number(Math.round(value), { style: 'unit', unit: 'second', unitDisplay: 'long' })}</>;
}
