import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';

import type { JobRowResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { FileDrop } from '../../components/file-drop.js';
import { DescriptionList, PageHeader, Section } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { useSubmit } from '../users/use-submit.js';
import { beginImport, previewImport } from './job-lines.js';
import { RESULTS, RIGHTS } from './job-texts.js';
import { RowTable } from './row-table.js';

import styles from './bulk.module.css';

interface Tried {
  readonly file: File;
  readonly rows: readonly JobRowResource[];
  readonly status: 'reading' | 'complete' | 'failed';
  readonly error?: unknown;
}

/** A file of users and certificates: what each line would do, then the job. */
export function ImportPage() {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const { missing } = useRights();
  const missingRight = RIGHTS.import.map(missing).find((right) => right !== undefined);
  const [tried, setTried] = useState<Tried>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const preview = async (file: File) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const update = (change: Partial<Tried>) => {
      if (!controller.signal.aborted)
        setTried((before) => ({ file, rows: [], status: 'reading', ...before, ...change }));
    };
    setTried({ file, rows: [], status: 'reading' });
    const rows: JobRowResource[] = [];
    try {
      await previewImport(clientExtId, file, controller.signal, (more) => {
        rows.push(...more);
        update({ rows: [...rows] });
      });
      update({ status: 'complete' });
    } catch (error) {
      update({ status: 'failed', error });
    }
  };
  const importing = useSubmit(
    async (file: File) => await beginImport(clientExtId, file),
    ({ id }) => void navigate(`../bulk/${id}`),
  );
  const counted = Object.entries(RESULTS).map(
    ([name, { label }]) =>
      [i18n._(label), i18n.number(tried?.rows.filter(({ result }) => result === name).length ?? 0)] as const,
  );
  return (
    <>
      <PageHeader title={t`Import a file`} above={<Link to="../bulk">{t`Bulk changes`}</Link>}>
        <p>
          <Trans>
            The file has the form of the exports of users and certificates. Nothing is written before you confirm.
          </Trans>
        </p>
      </PageHeader>
      <div className={styles['form']}>
        {missingRight === undefined ? (
          <FileDrop
            label={<Trans>Drop a file here, or choose one</Trans>}
            help={<Trans>CSV or NDJSON in UTF-8, at most 100,000 lines</Trans>}
            accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
            onFiles={([file]) => {
              if (file !== undefined) void preview(file);
            }}
          />
        ) : (
          <Button missingRight={missingRight}>
            <Trans>Choose a file</Trans>
          </Button>
        )}
      </div>
      {tried !== undefined && (
        <Section
          title={<Trans>Preview of {tried.file.name}</Trans>}
          actions={
            <Button
              variant="primary"
              disabled={tried.status !== 'complete'}
              pending={importing.pending}
              onClick={() => importing.submit(tried.file)}
            >
              <Trans>Import</Trans>
            </Button>
          }
        >
          <p role="status">
            {tried.status === 'reading' && <Trans>{i18n.number(tried.rows.length)} lines read…</Trans>}
            {tried.status === 'complete' && <Trans>All {i18n.number(tried.rows.length)} lines were read.</Trans>}
          </p>
          {tried.error !== undefined && <ErrorNotice error={tried.error} />}
          {importing.error !== null && <ErrorNotice error={importing.error} />}
          <DescriptionList entries={counted} />
          <RowTable caption={t`Preview`} rows={tried.rows} />
        </Section>
      )}
    </>
  );
}
