import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { call } from '../../api/client.js';
import { createTrustAnchorSet } from '../../api/generated/sdk.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextInput } from '../../components/field.js';
import { PageHeader } from '../../components/page.js';
import { UnsavedChanges } from '../../components/unsaved-changes.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { textOf } from './pem-blocks.js';
import { SetForm, type SetValues } from './set-form.js';

import styles from './trust-anchors.module.css';

const EMPTY: SetValues = { name: '', description: '', anchors: [], intermediates: [] };

export function NewSetPage() {
  const { t } = useLingui();
  const { missing } = useRights();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [extId, setExtId] = useState('');
  const [values, setValues] = useState(EMPTY);
  const create = useMutation({
    mutationFn: async () => {
      const { name, description, anchors, intermediates } = values;
      const texts = { description, extId, intermediates: textOf(intermediates) };
      const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
      return await call(
        createTrustAnchorSet({ path: { clientExtId }, body: { name, anchors: textOf(anchors), ...given } }),
      );
    },
    onSuccess: async (set) => {
      await queries.invalidateQueries({ queryKey: ['trust-anchor-sets', clientExtId] });
      await navigate(`../trust-anchor-sets/${encodeURIComponent(set.extId)}`, { replace: true });
    },
  });
  return (
    <>
      <PageHeader
        title={t`New trust-anchor set`}
        above={
          <Link to="../trust-anchor-sets">
            <Trans>Trust-anchor sets</Trans>
          </Link>
        }
      />
      <UnsavedChanges isChanged={extId !== '' || JSON.stringify(values) !== JSON.stringify(EMPTY)} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <div className={styles['basics']}>
          <TextInput
            label={t`External ID`}
            help={t`Policies name the set by it. It cannot be changed later. If it is empty, the server chooses one.`}
            value={extId}
            maxLength={50}
            autoComplete="off"
            onChange={(event) => setExtId(event.target.value)}
          />
        </div>
        <SetForm values={values} onChange={setValues} error={create.error} readOnly={false} />
        <div className={styles['bar']}>
          <Button
            type="submit"
            variant="primary"
            missingRight={missing('PolicyCreate')}
            pending={create.isPending}
            disabled={values.anchors.length === 0}
          >
            <Trans>Create the set</Trans>
          </Button>
          {values.anchors.length === 0 && <Trans>Add an anchor first.</Trans>}
        </div>
        {create.error !== null && <ErrorNotice error={create.error} />}
      </form>
    </>
  );
}
