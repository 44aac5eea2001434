import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';

import { call } from '../../api/client.js';
import { getJob, stopJob, undoJob } from '../../api/generated/sdk.gen.js';
import type { JobResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { DownloadIcon } from '../../components/icons.js';
import { Instant } from '../../components/instant.js';
import { Loading, ProgressBar } from '../../components/loading.js';
import { DescriptionList, PageHeader } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { PageError } from '../../shell/other-pages.js';
import { useClient } from '../../shell/shell.js';
import { saveFile } from '../audit/event-export.js';
import { useSubmit } from '../users/use-submit.js';
import { resultsFile } from './job-lines.js';
import { JobResults } from './job-results.js';
import { ACTIONS, RESULTS, RIGHTS, type Result, STATUSES } from './job-texts.js';

const POLL_MS = 1_000;
const MINUTE_MS = 60_000;

const isOpen = ({ status }: JobResource) => status === 'loading' || status === 'running';
const doneOf = ({ changed, unchanged, refused, gone }: JobResource) => changed + unchanged + refused + gone;

/** One job: how far it is, what came of it, and its undo. */
export function JobPage() {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const { id = '' } = useParams();
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    queryKey: ['job', clientExtId, id],
    queryFn: async ({ signal }) => (await call(getJob({ path: { clientExtId, id }, signal }))) as JobResource,
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data) ? POLL_MS : false),
  });
  if (job === undefined)
    return error === null ? <Loading /> : <PageError error={error} onRetry={() => void refetch()} />;
  const { comment, policy, filter } = parametersOf(job);
  return (
    <>
      <PageHeader
        title={`${i18n._(ACTIONS[job.action])}: ${i18n._(STATUSES[job.status])}`}
        above={<Link to="..">{t`Bulk changes`}</Link>}
        actions={<JobActions key={job.id} job={job} onChange={() => void refetch()} />}
      />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isOpen(job) && (
        <>
          <ProgressBar done={doneOf(job)} total={Math.max(job.total, 1)} label={t`Progress`} />
          <RemainingTime key={job.id} done={doneOf(job)} total={job.total} />
          <p>
            <Trans>You can leave this page: the job goes on, and “Bulk changes” leads back to it.</Trans>
          </p>
        </>
      )}
      <DescriptionList
        entries={[
          ...Object.entries(RESULTS).map(
            ([name, { label }]) => [i18n._(label), i18n.number(job[name as Result])] as const,
          ),
          [t`Rows`, i18n.number(job.total)],
          [t`Created by`, <CertificateText text={job.actor} />],
          [t`Created`, <Instant value={job.created} />],
          [t`Ended`, job.ended && <Instant value={job.ended} />],
          [t`Filters`, filter && <CertificateText text={filter} />],
          [t`Policy`, policy && <CertificateText text={policy} />],
          [t`Comment`, comment && <CertificateText text={comment} />],
          [t`Undoes`, job.undoneJob && <Link to={`../${job.undoneJob}`} relative="path">{t`the former job`}</Link>],
        ]}
      />
      {!isOpen(job) && <JobResults clientExtId={clientExtId} job={job} />}
    </>
  );
}

const MIN_OBSERVED_MS = 5_000;

/** At the pace since this page was opened; nothing before there is one. */
function RemainingTime({ done, total }: { readonly done: number; readonly total: number }) {
  const { i18n } = useLingui();
  const [first] = useState(() => ({ at: Date.now(), done }));
  const elapsed = Date.now() - first.at;
  if (elapsed < MIN_OBSERVED_MS || done <= first.done || done >= total) return null;
  const minutes = Math.ceil(((total - done) * elapsed) / (done - first.done) / MINUTE_MS);
  return (
    <p>
      <Trans>At this pace, it takes another {i18n.number(minutes)} min.</Trans>
    </p>
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parametersOf({ parameters }: JobResource) {
  const { modificationComment, policyExtId, filter } = parameters;
  return {
    comment: text(modificationComment),
    policy: text(policyExtId),
    filter:
      typeof filter === 'object' && filter !== null
        ? Object.entries(filter)
            .map(([name, value]) => `${name}=${String(value)}`)
            .join(', ')
        : undefined,
  };
}

function JobActions({ job, onChange }: { readonly job: JobResource; readonly onChange: () => void }) {
  const { i18n } = useLingui();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { missing } = useRights();
  const [isAsked, ask] = useState(false);
  const path = { clientExtId, id: job.id };
  const missingRight = RIGHTS[job.action].map(missing).find((right) => right !== undefined);
  const stopping = useSubmit(async () => await call(stopJob({ path })), onChange);
  const saving = useSubmit(
    async () => await resultsFile(path),
    (file) => saveFile(file, `job-${job.id}.ndjson`),
  );
  const undoing = useSubmit(
    async () => await call(undoJob({ path })),
    ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['job', clientExtId] });
      void navigate(`../${id}`, { relative: 'path' });
    },
  );
  const minutes = useMinutesUntil(job.undoUntil);
  return (
    <>
      {isOpen(job) ? (
        <Button
          variant="danger"
          missingRight={missingRight}
          pending={stopping.pending}
          onClick={() => stopping.submit(undefined)}
        >
          <Trans>Stop</Trans>
        </Button>
      ) : (
        <Button icon={<DownloadIcon />} pending={saving.pending} onClick={() => saving.submit(undefined)}>
          <Trans>Download results</Trans>
        </Button>
      )}
      {minutes !== undefined && (
        <Button variant="primary" missingRight={missingRight} onClick={() => ask(true)}>
          <Trans>Undo (another {i18n.number(minutes)} min)</Trans>
        </Button>
      )}
      {[stopping.error, saving.error].map((error, index) => error != null && <ErrorNotice key={index} error={error} />)}
      <ConfirmDialog
        open={isAsked}
        onClose={() => ask(false)}
        title={<Trans>Undo this change?</Trans>}
        consequence={
          <Plural
            value={job.changed}
            one="# certificate gets back its former state, comment, policy and validity, unless somebody has changed it since."
            other="# certificates get back their former state, comment, policy and validity. Those that somebody has changed since stay as they are."
          />
        }
        confirm={<Trans>Undo</Trans>}
        variant="primary"
        pending={undoing.pending}
        error={undoing.error}
        onConfirm={() => undoing.submit(undefined)}
      />
    </>
  );
}

/** Whole minutes that remain, at least 1; undefined if none do. */
function useMinutesUntil(until: string | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, [until]);
  if (until === undefined) return undefined;
  const remaining = new Date(until).getTime() - now;
  return remaining > 0 ? Math.max(1, Math.floor(remaining / MINUTE_MS)) : undefined;
}
