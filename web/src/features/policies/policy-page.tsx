import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';

import { call } from '../../api/client.js';
import { deletePolicy, getPolicy, updatePolicy } from '../../api/generated/sdk.gen.js';
import type { PolicyResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { SaveError } from '../../components/save-error.js';
import { UnsavedChanges } from '../../components/unsaved-changes.js';
import { useEdited } from '../../components/use-edited.js';
import { useRights } from '../../session/use-rights.js';
import { PageError } from '../../shell/other-pages.js';
import { useClient } from '../../shell/shell.js';
import { PolicyForm, type PolicyValues } from './policy-form.js';
import { SimulationResult } from './simulation-result.js';
import { keyOf, useSimulation } from './use-simulation.js';

import styles from './policies.module.css';

export function PolicyPage() {
  const clientExtId = useClient();
  const { extId = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', clientExtId, extId],
    queryFn: async ({ signal }) => await call(getPolicy({ path: { clientExtId, extId }, signal })),
  });
  if (error !== null && data === undefined) return <PageError error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return <Editor key={data.extId} newest={data} reload={async () => (await refetch()).data} />;
}

interface EditorProps {
  readonly newest: PolicyResource;
  readonly reload: () => Promise<PolicyResource | undefined>;
}

function Editor({ newest, reload }: EditorProps) {
  const { t } = useLingui();
  const { missing } = useRights();
  const { base: policy, values, setValues, isChanged, adopt } = useEdited(newest, valuesOf);
  const { clientExtId, extId, policyType } = policy;
  const { simulation, start, stop } = useSimulation(clientExtId, extId);
  const save = useSave(policy, values, adopt);

  const key = keyOf(values.parameters);
  const isAffected = policyType === 'CertificatePolicy' && key !== keyOf(policy.parameters);
  const isSimulated = simulation?.state === 'complete' && simulation.of === key;
  const cannotSimulate = missing('CredentialView');
  const mustSimulate = isAffected && !isSimulated && cannotSimulate === undefined;
  const cannotModify = missing('PolicyModify');
  const refusal = save.error ?? (simulation?.of === key ? simulation.error : undefined);
  return (
    <>
      <PageHeader
        title={policy.name ?? extId}
        above={
          <Link to="../policies">
            <Trans>Policies</Trans>
          </Link>
        }
        actions={<DeleteButton policy={policy} />}
      >
        <p className={styles['facts']}>
          <Badge>{policyType}</Badge>
          {policy.defaultPolicy && <Badge tone="ok">{t`Default of its type`}</Badge>}
          <span>
            <Trans>
              Version {policy.version}, last changed <Instant value={policy.lastModified} />
            </Trans>
          </span>
        </p>
      </PageHeader>
      <UnsavedChanges isChanged={isChanged} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!mustSimulate && isChanged && !save.isPending) save.mutate();
        }}
      >
        <PolicyForm
          {...{ policyType, values }}
          onChange={setValues}
          isDefault={policy.defaultPolicy}
          error={refusal}
          readOnly={cannotModify !== undefined}
        />
        <div className={styles['bar']}>
          {isAffected && (
            <Button
              variant={isSimulated ? 'secondary' : 'primary'}
              missingRight={cannotSimulate}
              pending={simulation?.state === 'running'}
              onClick={() => start(values.parameters)}
            >
              <Trans>Simulate</Trans>
            </Button>
          )}
          <Button
            type="submit"
            variant={mustSimulate ? 'secondary' : 'primary'}
            missingRight={cannotModify}
            pending={save.isPending}
            disabled={!isChanged || mustSimulate}
          >
            <Trans>Save</Trans>
          </Button>
          {isChanged && (
            <Button variant="quiet" onClick={() => adopt(policy)}>
              <Trans>Discard the changes</Trans>
            </Button>
          )}
          <span role="status">
            {mustSimulate && <Trans>Simulate the change first. Then it can be saved.</Trans>}
            {isAffected && cannotSimulate !== undefined && (
              <Trans>You can save, but not simulate: nobody has seen what would change.</Trans>
            )}
            {save.isSuccess && !isChanged && <Trans>Saved.</Trans>}
          </span>
        </div>
        {save.error !== null && (
          <SaveError
            error={save.error}
            onReload={() => {
              save.reset();
              void reload().then((loaded) => loaded !== undefined && adopt(loaded));
            }}
          />
        )}
      </form>
      {simulation !== undefined && (
        <SimulationResult simulation={simulation} isOutdated={simulation.of !== key} onStop={stop} />
      )}
    </>
  );
}

function valuesOf({ name = '', description = '', defaultPolicy, parameters }: PolicyResource): PolicyValues {
  return { name, description, defaultPolicy, parameters };
}

type Saved = (policy: PolicyResource) => void;

function useSave({ clientExtId, extId, version }: PolicyResource, values: PolicyValues, onSaved: Saved) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { name, description, defaultPolicy, parameters } = values;
      const body = { description: description === '' ? null : description, defaultPolicy, parameters, version };
      return await call(
        updatePolicy({ path: { clientExtId, extId }, body: { ...body, ...(name === '' ? {} : { name }) } }),
      );
    },
    onSuccess: async (policy) => {
      onSaved(policy);
      queries.setQueryData(['policy', clientExtId, extId], policy);
      await queries.invalidateQueries({ queryKey: ['policies', clientExtId] });
    },
  });
}

function DeleteButton({ policy: { clientExtId, extId, defaultPolicy, version, ...policy } }: DeleteButtonProps) {
  const { t } = useLingui();
  const { missing } = useRights();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const name = policy.name ?? extId;
  const remove = useMutation({
    mutationFn: async () =>
      await call(deletePolicy({ path: { clientExtId, extId }, headers: { 'If-Match': `"${version}"` } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['policies', clientExtId] });
      await navigate('../policies', { replace: true });
    },
  });
  return (
    <>
      <Button
        variant="danger"
        missingRight={missing('PolicyDelete')}
        disabled={defaultPolicy}
        onClick={() => setOpen(true)}
      >
        <Trans>Delete</Trans>
      </Button>
      <ConfirmDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={t`Delete the policy ${name}?`}
        consequence={
          <Trans>It is gone for good. A policy that credentials use cannot be deleted; the server then says so.</Trans>
        }
        confirm={<Trans>Delete</Trans>}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        error={remove.error}
      />
    </>
  );
}

interface DeleteButtonProps {
  readonly policy: PolicyResource;
}
