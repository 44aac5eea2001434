import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { call } from '../../api/client.js';
import { listPolicies } from '../../api/generated/sdk.gen.js';
import { Select } from '../../components/field.js';
import { useRights } from '../../session/use-rights.js';

interface PolicySelectProps {
  readonly clientExtId: string;
  readonly policyType: 'CertificatePolicy' | 'PwdPolicy';
  /** What its rules are for. */
  readonly help: ReactNode;
  /** An empty text: the client's default. */
  readonly value: string;
  readonly onChange: (policyExtId: string) => void;
}

export function PolicySelect({ clientExtId, policyType, help, value, onChange }: PolicySelectProps) {
  const { t } = useLingui();
  const { has } = useRights();
  const mayList = has('ClientView') && has('PolicyConfigurationView');
  const { data } = useQuery({
    queryKey: ['policies', clientExtId, 'choice'],
    enabled: mayList,
    queryFn: async ({ signal }) => await call(listPolicies({ path: { clientExtId }, query: { limit: 1000 }, signal })),
  });
  const policies = data?.items.filter((policy) => policy.policyType === policyType) ?? [];
  return (
    <Select
      label={<Trans>Policy</Trans>}
      help={mayList ? help : <Trans>You need the right PolicyConfigurationView to choose another policy.</Trans>}
      disabled={!mayList}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t`The default policy`}</option>
      {policies.map(({ extId, name, defaultPolicy }) => (
        <option key={extId} value={extId}>
          {defaultPolicy ? t`${name ?? extId} (default)` : (name ?? extId)}
        </option>
      ))}
    </Select>
  );
}
