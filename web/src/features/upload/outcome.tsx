import { Trans } from '@lingui/react/macro';

import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import type { DryRun } from './dry-run.js';
import { Verdict } from './verdict.js';

import styles from './upload.module.css';

interface OutcomeProps {
  readonly hasCertificate: boolean;
  readonly dryRun: {
    readonly data: DryRun | undefined;
    readonly error: unknown;
    readonly isLoading: boolean;
    readonly refetch: () => unknown;
  };
  /** Of the attempt to save it. */
  readonly error: unknown;
}

export function Outcome({ hasCertificate, dryRun, error }: OutcomeProps) {
  return (
    <section aria-live="polite">
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
      {!hasCertificate && (
        <p className={styles['hint']}>
          <Trans>
            As soon as there is a certificate, you see here whether it would be accepted. Nothing is saved yet.
          </Trans>
        </p>
      )}
      {hasCertificate && dryRun.isLoading && <Loading />}
      {hasCertificate && dryRun.error !== null && (
        <ErrorNotice error={dryRun.error} onRetry={() => void dryRun.refetch()} />
      )}
      {hasCertificate && dryRun.data !== undefined && <Verdict dryRun={dryRun.data} />}
    </section>
  );
}
