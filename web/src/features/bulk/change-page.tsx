import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { createJob, listPolicies } from '../../api/generated/sdk.gen.js';
import type { BulkAction, BulkPreviewResource, JobResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextArea } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { FilterChips } from '../certificates/filter-chips.js';
import { filtersOf, searchOf } from '../certificates/filters.js';
import { useSubmit } from '../users/use-submit.js';
import { ACTIONS, BULK_ACTIONS, CONSEQUENCES, RIGHTS } from './job-texts.js';
import { Preview } from './preview.js';
import { selectionOf } from './selection.js';

import styles from './bulk.module.css';

const MAX_COMMENT = 1000;

/** What would be changed, then the change. */
export function ChangePage() {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const { missing } = useRights();
  const [search, setSearch] = useSearchParams();
  const selection = selectionOf(search, useLocation().hash);
  const [action, setAction] = useState<BulkAction>('disable');
  const [policyExtId, setPolicy] = useState('');
  const [comment, setComment] = useState('');
  const [isAsked, ask] = useState(false);
  const said = action === 'delete' ? '' : comment.trim();
  const missingRight = RIGHTS[action].map(missing).find((right) => right !== undefined);
  const isComplete = action !== 'move' || policyExtId !== '';
  const request = { ...selection, action, parameters: action === 'move' ? { policyExtId } : {} };
  const preview = useQuery({
    queryKey: ['bulk-preview', clientExtId, request],
    queryFn: async ({ signal }) => {
      const body = { ...request, dryRun: true };
      return (await call(createJob({ path: { clientExtId }, body, signal }))) as BulkPreviewResource;
    },
    enabled: isComplete && missingRight === undefined,
    // Each one is computed from all selected certificates.
    retry: false,
    refetchOnWindowFocus: false,
  });
  const beginning = useSubmit(
    async () => {
      const remark = said === '' ? {} : { modificationComment: said };
      const body = { ...request, parameters: { ...request.parameters, ...remark } };
      return (await call(createJob({ path: { clientExtId }, body }))) as JobResource;
    },
    ({ id }) => void navigate(`../bulk/${id}`),
  );
  const { data } = preview;
  const changed = data === undefined ? 0 : data.count - data.unchanged - data.refused.count;
  return (
    <>
      <PageHeader title={t`Change many certificates`} above={<Link to="../bulk">{t`Bulk changes`}</Link>} />
      {'filter' in selection && (
        <FilterChips filters={filtersOf(search)} onApply={(filters) => setSearch(searchOf(filters))} />
      )}
      <div className={styles['form']}>
        <Select label={t`Action`} value={action} onChange={(event) => setAction(event.target.value as BulkAction)}>
          {BULK_ACTIONS.map((each) => (
            <option key={each} value={each}>
              {i18n._(ACTIONS[each])}
            </option>
          ))}
        </Select>
        {action === 'move' && <PolicyChoice value={policyExtId} onChange={setPolicy} />}
        {action !== 'delete' && (
          <div className={styles['wide']}>
            <TextArea
              label={t`Comment`}
              help={t`Why: it is shown at each certificate and in its history.`}
              maxLength={MAX_COMMENT}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </div>
        )}
        <Button
          variant={action === 'disable' || action === 'delete' ? 'danger' : 'primary'}
          missingRight={missingRight}
          disabled={changed === 0}
          onClick={() => ask(true)}
        >
          {i18n._(ACTIONS[action])}…
        </Button>
      </div>
      {preview.isFetching && (
        <Loading>
          <Trans>
            Every selected certificate is evaluated; nothing is changed. This takes a few seconds for 10,000…
          </Trans>
        </Loading>
      )}
      {preview.error !== null && <ErrorNotice error={preview.error} onRetry={() => void preview.refetch()} />}
      {data !== undefined && <Preview clientExtId={clientExtId} action={action} changed={changed} preview={data} />}
      <ConfirmDialog
        open={isAsked}
        onClose={() => ask(false)}
        title={<Question action={action} count={changed} />}
        consequence={i18n._(CONSEQUENCES[action])}
        confirm={i18n._(ACTIONS[action])}
        variant={action === 'disable' || action === 'delete' ? 'danger' : 'primary'}
        pending={beginning.pending}
        error={beginning.error}
        onConfirm={() => beginning.submit(undefined)}
      >
        {data !== undefined && data.unchanged > 0 && said !== '' && (
          <p>
            <Plural
              value={data.unchanged}
              one="# other certificate only gets the comment."
              other="# other certificates only get the comment."
            />
          </p>
        )}
        {data !== undefined && data.refused.count > 0 && (
          <p>
            <Plural
              value={data.refused.count}
              one="# other certificate will be refused and stays as it is."
              other="# other certificates will be refused and stay as they are."
            />
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}

function Question({ action, count }: { readonly action: BulkAction; readonly count: number }) {
  switch (action) {
    case 'disable':
      return <Plural value={count} one="Disable # certificate?" other="Disable # certificates?" />;
    case 'enable':
      return <Plural value={count} one="Enable # certificate?" other="Enable # certificates?" />;
    case 'move':
      return (
        <Plural value={count} one="Move # certificate to the policy?" other="Move # certificates to the policy?" />
      );
    case 'delete':
      return <Plural value={count} one="Delete # certificate?" other="Delete # certificates?" />;
  }
}

/** Policies that certificates may have; a client has few. */
function PolicyChoice({ value, onChange }: { readonly value: string; readonly onChange: (extId: string) => void }) {
  const { t } = useLingui();
  const clientExtId = useClient();
  const { data, error } = useQuery({
    queryKey: ['policies-to-choose', clientExtId],
    queryFn: async ({ signal }) => await call(listPolicies({ path: { clientExtId }, query: { limit: 1000 }, signal })),
  });
  if (error !== null) return <ErrorNotice error={error} />;
  return (
    <Select label={t`Policy`} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t`Choose a policy`}</option>
      {data?.items
        .filter(({ policyType }) => policyType === 'CertificatePolicy')
        .map(({ extId, name }) => (
          <option key={extId} value={extId}>
            {name ?? extId}
          </option>
        ))}
    </Select>
  );
}
