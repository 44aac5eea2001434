import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';

import type { JobResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { Section } from '../../components/page.js';
import { readResults } from './job-lines.js';
import { RowsByResult } from './rows-by-result.js';
import { ShownRows } from './shown-rows.js';

/** The rows of a job that has ended; refused ones first, as they need somebody. */
export function JobResults({ clientExtId, job }: { readonly clientExtId: string; readonly job: JobResource }) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery({
    queryKey: ['job-results', clientExtId, job.id],
    queryFn: async () => {
      const rows = new RowsByResult();
      await readResults({ clientExtId, id: job.id }, (more) => rows.add(more));
      return rows;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section title={<Trans>Results</Trans>}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <ShownRows caption={t`Results`} rows={data} first={job.refused > 0 ? 'refused' : undefined} />
      )}
    </Section>
  );
}
