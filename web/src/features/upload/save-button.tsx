import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import { Button } from '../../components/button.js';
import type { DryRun } from './dry-run.js';

import styles from './upload.module.css';

interface SaveButtonProps {
  readonly dryRun: DryRun | undefined;
  readonly isEvaluating: boolean;
  readonly missingRight: string | undefined;
  readonly pending: boolean;
  readonly onSave: () => void;
  readonly children: ReactNode;
}

/** Only what the dry run took can be saved. */
export function SaveButton({ dryRun, isEvaluating, missingRight, pending, onSave, children }: SaveButtonProps) {
  const isRefused = dryRun?.verdict === 'refused';
  return (
    <>
      <Button
        variant="primary"
        missingRight={missingRight}
        pending={pending}
        disabled={dryRun === undefined || isEvaluating || isRefused}
        onClick={onSave}
      >
        {children}
      </Button>
      {isRefused && (
        <span className={styles['afterwards']}>
          <Trans>It would be refused.</Trans>
        </span>
      )}
    </>
  );
}
