import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { call } from '../../api/client.js';
import { createPolicy } from '../../api/generated/sdk.gen.js';
import type { PolicyType } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextInput } from '../../components/field.js';
import { PageHeader } from '../../components/page.js';
import { UnsavedChanges } from '../../components/unsaved-changes.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { PolicyForm, type PolicyValues } from './policy-form.js';
import { POLICY_TYPES } from './policy-types.js';

import styles from './policies.module.css';

const EMPTY: PolicyValues = { name: '', description: '', defaultPolicy: false, parameters: {} };

export function NewPolicyPage() {
  const { t } = useLingui();
  const { missing } = useRights();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [policyType, setPolicyType] = useState<PolicyType>('CertificatePolicy');
  const [extId, setExtId] = useState('');
  const [values, setValues] = useState(EMPTY);
  const create = useMutation({
    mutationFn: async () => {
      const { name, description, ...others } = values;
      const texts = Object.fromEntries(Object.entries({ name, description, extId }).filter(([, text]) => text !== ''));
      return await call(createPolicy({ path: { clientExtId }, body: { policyType, ...others, ...texts } }));
    },
    onSuccess: async (policy) => {
      await queries.invalidateQueries({ queryKey: ['policies', clientExtId] });
      await navigate(`../policies/${encodeURIComponent(policy.extId)}`, { replace: true });
    },
  });
  return (
    <>
      <PageHeader
        title={t`New policy`}
        above={
          <Link to="../policies">
            <Trans>Policies</Trans>
          </Link>
        }
      >
        <p>
          <Trans>No certificate uses a new policy, so there is nothing to simulate yet.</Trans>
        </p>
      </PageHeader>
      <UnsavedChanges isChanged={extId !== '' || JSON.stringify(values) !== JSON.stringify(EMPTY)} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <div className={styles['basics']}>
          <Select
            label={t`Type`}
            help={t`Only CertificatePolicy and PwdPolicy have an effect. Policies of the other types are stored.`}
            value={policyType}
            onChange={(event) => {
              setPolicyType(event.target.value as PolicyType);
              setValues({ ...values, parameters: {} });
            }}
          >
            {POLICY_TYPES.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </Select>
          <TextInput
            label={t`External ID`}
            help={t`It cannot be changed later. If it is empty, the server chooses one.`}
            value={extId}
            maxLength={50}
            autoComplete="off"
            onChange={(event) => setExtId(event.target.value)}
          />
        </div>
        <PolicyForm
          {...{ policyType, values }}
          onChange={setValues}
          isDefault={false}
          error={create.error}
          readOnly={false}
        />
        <div className={styles['bar']}>
          <Button type="submit" variant="primary" missingRight={missing('PolicyCreate')} pending={create.isPending}>
            <Trans>Create the policy</Trans>
          </Button>
        </div>
        {create.error !== null && <ErrorNotice error={create.error} />}
      </form>
    </>
  );
}
