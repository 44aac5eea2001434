import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';

import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { DownloadIcon } from '../../components/icons.js';
import type { AuditFilters } from './audit-filters.js';
import { exportEvents, type Format, FORMATS, saveFile } from './event-export.js';

import styles from './audit.module.css';

interface ExportState {
  readonly state: 'running' | 'complete' | 'stopped' | 'failed';
  readonly events: number;
  readonly error?: unknown;
}

interface ExportButtonsProps {
  readonly clientExtId: string;
  readonly filters: AuditFilters;
}

/** Exports what the filters select. A file is saved only if it is complete. */
export function ExportButtons({ clientExtId, filters }: ExportButtonsProps) {
  const { t } = useLingui();
  const [exported, setExported] = useState<ExportState>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (format: Format) => {
    const controller = new AbortController();
    running.current = controller;
    let events = 0;
    const show = (state: ExportState['state'], error?: unknown) => setExported({ state, events, error });
    show('running');
    try {
      const file = await exportEvents({ clientExtId, filters, format }, controller.signal, (count) => {
        events = count;
        show('running');
      });
      saveFile(file, `audit-events-${clientExtId.replaceAll(/[^\w.-]/g, '_')}.${format}`);
      show('complete');
    } catch (error) {
      if (controller.signal.aborted) show('stopped');
      else show('failed', error);
    }
  };
  const isRunning = exported?.state === 'running';
  return (
    <div className={styles['export']}>
      {(Object.keys(FORMATS) as Format[]).map((format) => (
        <Button
          key={format}
          icon={<DownloadIcon />}
          disabled={isRunning}
          aria-label={t`Export as ${format.toUpperCase()}`}
          onClick={() => void start(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
      {isRunning && (
        <Button onClick={() => running.current?.abort()}>
          <Trans>Stop the export</Trans>
        </Button>
      )}
      <span role="status" className={styles['quiet']}>
        {exported !== undefined && <StateText exported={exported} />}
      </span>
      {exported?.state === 'failed' && <ErrorNotice error={exported.error} />}
    </div>
  );
}

function StateText({ exported: { state, events } }: { readonly exported: ExportState }) {
  switch (state) {
    case 'running':
      return <Plural value={events} _0="The export has begun…" one="# event was read…" other="# events were read…" />;
    case 'complete':
      return <Plural value={events} one="# event was exported." other="# events were exported." />;
    case 'stopped':
      return <Trans>Stopped. No file was saved.</Trans>;
    case 'failed':
      return <Trans>The export failed. No file was saved.</Trans>;
  }
}
