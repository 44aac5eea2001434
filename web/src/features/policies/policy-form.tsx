import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { listTrustAnchorSets } from '../../api/generated/sdk.gen.js';
import { Checkbox, TextArea, TextInput } from '../../components/field.js';
import { Section } from '../../components/page.js';
import { useClient } from '../../shell/shell.js';
import type { ParameterValues } from './declared-parameter.js';
import { OtherParameters } from './other-parameters.js';
import { ParameterField } from './parameter-field.js';
import { DECLARED_PARAMETERS } from './policy-parameters.gen.js';

import styles from './policies.module.css';

/** What can be changed of a policy. */
export interface PolicyValues {
  readonly name: string;
  readonly description: string;
  readonly defaultPolicy: boolean;
  readonly parameters: ParameterValues;
}

interface PolicyFormProps {
  readonly policyType: string;
  readonly values: PolicyValues;
  readonly onChange: (values: PolicyValues) => void;
  /** The default of a type stays the default until another policy becomes it. */
  readonly isDefault: boolean;
  readonly error: unknown;
  readonly readOnly: boolean;
}

export function PolicyForm({ policyType, values, onChange, isDefault, error, readOnly }: PolicyFormProps) {
  const { t } = useLingui();
  const declared = DECLARED_PARAMETERS[policyType] ?? [];
  const sets = useTrustAnchorSets(declared.some(({ form }) => form.kind === 'trustAnchorSet'));
  const details = error instanceof ApiError ? error.details : [];
  const messageOf = (field: string) => details.find((detail) => detail.field === field)?.message;
  const set = (parameter: string, value: string | undefined) => {
    const { [parameter]: _, ...others } = values.parameters;
    onChange({ ...values, parameters: value === undefined ? others : { ...others, [parameter]: value } });
  };
  const names = new Set(declared.map(({ name }) => name));
  const others = Object.fromEntries(Object.entries(values.parameters).filter(([name]) => !names.has(name)));
  return (
    <div className={styles['form']}>
      <div className={styles['basics']}>
        <TextInput
          label={t`Name`}
          value={values.name}
          maxLength={100}
          disabled={readOnly}
          error={messageOf('name')}
          onChange={(event) => onChange({ ...values, name: event.target.value })}
        />
        <TextArea
          label={t`Description`}
          value={values.description}
          maxLength={1000}
          rows={2}
          disabled={readOnly}
          error={messageOf('description')}
          onChange={(event) => onChange({ ...values, description: event.target.value })}
        />
        <Checkbox
          label={t`Default of its type`}
          help={
            isDefault
              ? t`It stays the default until another policy becomes it.`
              : t`Credentials that are created without a policy get the default.`
          }
          checked={values.defaultPolicy}
          disabled={readOnly || isDefault}
          error={messageOf('defaultPolicy')}
          onChange={(event) => onChange({ ...values, defaultPolicy: event.target.checked })}
        />
      </div>
      {declared.length > 0 && (
        <Section title={t`Parameters`}>
          {declared.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={values.parameters[parameter.name]}
              error={messageOf(`parameters.${parameter.name}`)}
              readOnly={readOnly}
              trustAnchorSets={sets}
              onChange={(value) => set(parameter.name, value)}
            />
          ))}
        </Section>
      )}
      {policyType !== 'CertificatePolicy' && (
        <Section title={declared.length > 0 ? t`Other parameters` : t`Parameters`}>
          <p>
            <Trans>The server stores these parameters. They have no effect.</Trans>
          </p>
          <OtherParameters values={others} readOnly={readOnly} onChange={set} />
        </Section>
      )}
    </div>
  );
}

/** The sets that a policy can name: those of the first page, of which clients have few. */
function useTrustAnchorSets(isNeeded: boolean): readonly string[] {
  const clientExtId = useClient();
  const { data } = useQuery({
    queryKey: ['trust-anchor-sets', clientExtId, 'names'],
    enabled: isNeeded,
    queryFn: async ({ signal }) =>
      await call(listTrustAnchorSets({ path: { clientExtId }, query: { limit: 1000 }, signal })),
  });
  return data?.items.map(({ extId }) => extId) ?? [];
}
