import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';

import { call } from '../../api/client.js';
import { deleteTrustAnchorSet, getTrustAnchorSet, updateTrustAnchorSet } from '../../api/generated/sdk.gen.js';
import type { TrustAnchorSetResource } from '../../api/generated/types.gen.js';
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
import { Crls } from './crls.js';
import { blocksOfSet, textOf } from './pem-blocks.js';
import { SetForm, type SetValues } from './set-form.js';

import styles from './trust-anchors.module.css';

export function SetPage() {
  const clientExtId = useClient();
  const { extId = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['trust-anchor-set', clientExtId, extId],
    queryFn: async ({ signal }) => await call(getTrustAnchorSet({ path: { clientExtId, extId }, signal })),
  });
  if (error !== null && data === undefined) return <PageError error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      <Editor key={data.extId} newest={data} reload={async () => (await refetch()).data} />
      <Crls clientExtId={clientExtId} extId={extId} />
    </>
  );
}

interface EditorProps {
  readonly newest: TrustAnchorSetResource;
  readonly reload: () => Promise<TrustAnchorSetResource | undefined>;
}

function Editor({ newest, reload }: EditorProps) {
  const missing = useRights().missing('PolicyModify');
  const edited = useEdited(newest, valuesOf, (values) => JSON.stringify(sentOf(values)));
  const { base: set, values, setValues, isChanged, adopt } = edited;
  const save = useSave(set, values, adopt);
  return (
    <>
      <PageHeader
        title={set.name}
        above={
          <Link to="../trust-anchor-sets">
            <Trans>Trust-anchor sets</Trans>
          </Link>
        }
        actions={<DeleteButton set={set} />}
      >
        <p>
          <code>{set.extId}</code>{' '}
          <Trans>
            Version {set.version}, last changed <Instant value={set.lastModified} />
          </Trans>
        </p>
      </PageHeader>
      <UnsavedChanges isChanged={isChanged} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged && !save.isPending) save.mutate();
        }}
      >
        <SetForm values={values} onChange={setValues} error={save.error} readOnly={missing !== undefined} />
        <div className={styles['bar']}>
          <Button
            type="submit"
            variant="primary"
            missingRight={missing}
            pending={save.isPending}
            disabled={!isChanged || values.anchors.length === 0}
          >
            <Trans>Save</Trans>
          </Button>
          {isChanged && (
            <Button variant="quiet" onClick={() => adopt(set)}>
              <Trans>Discard the changes</Trans>
            </Button>
          )}
          <span role="status">
            {isChanged && <Trans>The change applies at once to every policy that names this set.</Trans>}
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
    </>
  );
}

function valuesOf(set: TrustAnchorSetResource): SetValues {
  return { name: set.name, description: set.description ?? '', ...blocksOfSet(set) };
}

function sentOf({ name, description, anchors, intermediates }: SetValues) {
  return {
    name,
    description: description === '' ? null : description,
    anchors: textOf(anchors),
    intermediates: intermediates.length === 0 ? null : textOf(intermediates),
  };
}

type Saved = (set: TrustAnchorSetResource) => void;

function useSave({ clientExtId, extId, version }: TrustAnchorSetResource, values: SetValues, onSaved: Saved) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      await call(updateTrustAnchorSet({ path: { clientExtId, extId }, body: { ...sentOf(values), version } })),
    onSuccess: async (set) => {
      onSaved(set);
      queries.setQueryData(['trust-anchor-set', clientExtId, extId], set);
      await queries.invalidateQueries({ queryKey: ['trust-anchor-sets', clientExtId] });
      // Whether a CRL counts depends on the names in the set.
      await queries.invalidateQueries({ queryKey: ['crls', clientExtId, extId] });
    },
  });
}

function DeleteButton({ set: { clientExtId, extId, name, version } }: { readonly set: TrustAnchorSetResource }) {
  const { t } = useLingui();
  const { missing } = useRights();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: async () =>
      await call(deleteTrustAnchorSet({ path: { clientExtId, extId }, headers: { 'If-Match': `"${version}"` } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['trust-anchor-sets', clientExtId] });
      await navigate('../trust-anchor-sets', { replace: true });
    },
  });
  return (
    <>
      <Button variant="danger" missingRight={missing('PolicyDelete')} onClick={() => setOpen(true)}>
        <Trans>Delete</Trans>
      </Button>
      <ConfirmDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={t`Delete the set ${name}?`}
        consequence={
          <Trans>The set and its CRLs are gone for good. A set that a policy names cannot be deleted.</Trans>
        }
        confirm={<Trans>Delete</Trans>}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        error={remove.error}
      />
    </>
  );
}
