import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';

import type { SimulatedChangeResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { DescriptionList, Section } from '../../components/page.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { useClient } from '../../shell/shell.js';
import { RuleName } from '../words/rule-name.js';
import type { Simulation } from './use-simulation.js';
import { VerdictBadge } from './verdict-badge.js';

import styles from './policies.module.css';

interface SimulationResultProps {
  readonly simulation: Simulation;
  /** The form has been changed since. */
  readonly isOutdated: boolean;
  readonly onStop: () => void;
}

export function SimulationResult({ simulation, isOutdated, onStop }: SimulationResultProps) {
  const { t } = useLingui();
  const { state, kept, changed, summary, error } = simulation;
  const result = useRef<HTMLDivElement>(null);
  // The form above it is long.
  useEffect(() => {
    if (state === 'running') result.current?.scrollIntoView();
  }, [state]);
  return (
    <div ref={result} className={styles['result']}>
      <Section title={t`Simulation`} {...(state === 'running' ? { actions: <StopButton onStop={onStop} /> } : {})}>
        {state === 'running' && <progress className={styles['progress']} aria-label={t`The simulation is running`} />}
        <p role="status">
          <StateText simulation={simulation} />
          {isOutdated && (
            <>
              {' '}
              <Trans>The policy was changed after this simulation. Simulate again.</Trans>
            </>
          )}
        </p>
        {state === 'failed' && <ErrorNotice error={error} />}
        {summary !== undefined && (
          <DescriptionList
            entries={[
              [t`Certificates under this policy`, summary.evaluated],
              [t`Would change`, summary.changed],
              [t`Would be refused`, summary.wouldBeRefused],
              [t`Would be stored as disabled`, summary.wouldBeDisabled],
              ...Object.entries(summary.byRule).map(
                ([rule, count]) => [<Trans>Do not pass {<RuleName rule={rule} />}</Trans>, count] as const,
              ),
            ]}
          />
        )}
        {kept.length > 0 && <Changes kept={kept} />}
        {changed > kept.length && (
          <p>
            <Trans>The first {kept.length} of them are shown.</Trans>
          </p>
        )}
      </Section>
    </div>
  );
}

function StopButton({ onStop }: { readonly onStop: () => void }) {
  return (
    <Button onClick={onStop}>
      <Trans>Stop</Trans>
    </Button>
  );
}

function StateText({ simulation: { state, changed } }: { readonly simulation: Simulation }) {
  switch (state) {
    case 'running':
      return (
        <Plural
          value={changed}
          _0="No certificate that would change was found so far."
          one="# certificate would change so far."
          other="# certificates would change so far."
        />
      );
    case 'complete':
      return (
        <Plural
          value={changed}
          _0="No certificate would change."
          one="# certificate would change."
          other="# certificates would change."
        />
      );
    case 'stopped':
      return <Trans>Stopped. The result is not complete.</Trans>;
    case 'failed':
      return <Trans>The simulation did not finish. The result is not complete.</Trans>;
  }
}

function Changes({ kept }: { readonly kept: readonly SimulatedChangeResource[] }) {
  const { t } = useLingui();
  const clientExtId = useClient();
  const pages = useLocalPages(kept);
  const columns: readonly Column<SimulatedChangeResource>[] = [
    { id: 'certificate', label: t`Certificate`, cell: ({ extId }) => extId },
    { id: 'user', label: t`User`, cell: ({ userExtId }) => userExtId },
    { id: 'from', label: t`Now`, cell: ({ from }) => <VerdictBadge verdict={from} /> },
    { id: 'to', label: t`After the change`, cell: ({ to }) => <VerdictBadge verdict={to} /> },
    { id: 'why', label: t`Why`, cell: (change) => <Why change={change} /> },
  ];
  return (
    <DataTable
      caption={t`Certificates that would change`}
      columns={columns}
      pages={pages}
      keyOf={({ userExtId, extId }) => `${userExtId} ${extId}`}
      linkOf={({ userExtId, extId }) =>
        `/console/${[clientExtId, 'users', userExtId, 'certificates', extId].map(encodeURIComponent).join('/')}`
      }
      empty={null}
    />
  );
}

function Why({ change: { rules } }: { readonly change: SimulatedChangeResource }) {
  if (rules.length === 0) return <Trans>passes all rules</Trans>;
  return (
    <ul>
      {rules.map(({ rule, expected, found }) => (
        <li key={rule}>
          <RuleName rule={rule} />: <CertificateText text={found} />{' '}
          <Trans>
            (expected: <CertificateText text={expected} />)
          </Trans>
        </li>
      ))}
    </ul>
  );
}
