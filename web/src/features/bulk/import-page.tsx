import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { FileDrop } from '../../components/file-drop.js';
import { DescriptionList, PageHeader, Section } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { useSubmit } from '../users/use-submit.js';
import { beginImport, previewImport } from './job-lines.js';
import { type Result, RIGHTS } from './job-texts.js';
import { RowsByResult } from './rows-by-result.js';
import { ShownRows } from './shown-rows.js';

import styles from './bulk.module.css';

interface Tried {
  readonly file: File;
  /** Grows while the answer is read. */
  readonly rows: RowsByResult;
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
    const rows = new RowsByResult();
    const show = (status: Tried['status'], error?: unknown) => {
      if (!controller.signal.aborted) setTried({ file, rows, status, error });
    };
    show('reading');
    try {
      await previewImport(clientExtId, file, controller.signal, (more) => {
        rows.add(more);
        show('reading');
      });
      show('complete');
    } catch (error) {
      show('failed', error);
    }
  };
  const importing = useSubmit(
    async (file: File) => await beginImport(clientExtId, file),
    ({ id }) => void navigate(`../bulk/${id}`),
  );
  const count = (result: Result) => i18n.number(tried?.rows.of(result).length ?? 0);
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
            {tried.status === 'reading' && (
              <Plural value={tried.rows.all.length} one="# line read…" other="# lines read…" />
            )}
            {tried.status === 'complete' && (
              <Plural value={tried.rows.all.length} one="# line was read." other="All # lines were read." />
            )}
          </p>
          {tried.error !== undefined && <ErrorNotice error={tried.error} />}
          {importing.error !== null && <ErrorNotice error={importing.error} />}
          {(tried.error === undefined || tried.rows.all.length > 0) && (
            <>
              <DescriptionList
                entries={[
                  [t`Will be changed`, count('changed')],
                  [t`Stay as they are`, count('unchanged')],
                  [t`Will be refused`, count('refused')],
                ]}
              />
              <ShownRows caption={t`Preview`} rows={tried.rows} />
            </>
          )}
        </Section>
      )}
    </>
  );
}
