import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Button } from '../../components/button.js';
import { TextInput } from '../../components/field.js';
import type { ParameterValues } from './declared-parameter.js';

import styles from './policies.module.css';

interface OtherParametersProps {
  /** Those that nothing declares. */
  readonly values: ParameterValues;
  readonly onChange: (name: string, value: string | undefined) => void;
  readonly readOnly: boolean;
}

/** Parameters that the server stores without effect. */
export function OtherParameters({ values, onChange, readOnly }: OtherParametersProps) {
  const { t } = useLingui();
  const [name, setName] = useState('');
  return (
    <div className={styles['others']}>
      {Object.entries(values).map(([other, value]) => (
        <div key={other} className={styles['adding']}>
          <TextInput
            label={<code>{other}</code>}
            value={value}
            disabled={readOnly}
            onChange={(event) => onChange(other, event.target.value)}
          />
          {!readOnly && (
            <Button aria-label={t`Remove ${other}`} onClick={() => onChange(other, undefined)}>
              <Trans>Remove</Trans>
            </Button>
          )}
        </div>
      ))}
      {!readOnly && (
        <div className={styles['adding']}>
          <TextInput
            label={t`Name of another parameter`}
            value={name}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
          <Button
            disabled={name.trim() === '' || Object.hasOwn(values, name.trim())}
            onClick={() => {
              onChange(name.trim(), '');
              setName('');
            }}
          >
            <Trans>Add the parameter</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
