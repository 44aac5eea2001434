import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { JobResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { Section } from '../../components/page.js';
import { resultRows } from './job-lines.js';
import { RESULTS } from './job-texts.js';
import { RowTable } from './row-table.js';

/** The rows of a job that has ended; refused ones first, as they need somebody. */
export function JobResults({ clientExtId, job }: { readonly clientExtId: string; readonly job: JobResource }) {
  const { t, i18n } = useLingui();
  const [shown, show] = useState<string>(job.refused > 0 ? 'refused' : '');
  const { data, error, refetch } = useQuery({
    queryKey: ['job-results', clientExtId, job.id],
    queryFn: async () => await resultRows({ clientExtId, id: job.id }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section title={<Trans>Results</Trans>}>
      <Select label={t`Shown`} value={shown} onChange={(event) => show(event.target.value)}>
        <option value="">{t`All`}</option>
        {Object.entries(RESULTS).map(([name, { label }]) => (
          <option key={name} value={name}>
            {i18n._(label)}
          </option>
        ))}
      </Select>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <RowTable
          key={shown}
          caption={t`Results`}
          rows={shown === '' ? data : data.filter(({ result }) => result === shown)}
        />
      )}
    </Section>
  );
}
