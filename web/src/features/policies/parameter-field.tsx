import { Trans, useLingui } from '@lingui/react/macro';

import { Button } from '../../components/button.js';
import { NumberInput, Select, TextInput } from '../../components/field.js';
import { RULE_NAMES } from '../words/rule-names.js';
import type { DeclaredParameter } from './declared-parameter.js';
import { DurationText } from './duration-text.js';
import { ListField } from './list-field.js';
import { MarkdownText } from './markdown-text.js';

import styles from './policies.module.css';

export interface ParameterFieldProps {
  readonly parameter: DeclaredParameter;
  /** Absent: the default. */
  readonly value: string | undefined;
  /** `undefined` stands for the default. */
  readonly onChange: (value: string | undefined) => void;
  readonly error?: string | undefined;
  readonly readOnly: boolean;
  /** The extIds of the sets that the policy may name. */
  readonly trustAnchorSets: readonly string[];
}

/** One parameter with its control, its help and its default. */
export function ParameterField(props: ParameterFieldProps) {
  const { t, i18n } = useLingui();
  const { parameter, value, onChange, readOnly } = props;
  const words = RULE_NAMES[parameter.name];
  return (
    <div className={styles['parameter']} data-set={value !== undefined || undefined}>
      <div className={styles['about']}>
        <p>
          <MarkdownText text={i18n._(parameter.effect)} />
        </p>
        {parameter.allowed !== undefined && (
          <p>
            <Trans>
              Allowed: <MarkdownText text={i18n._(parameter.allowed)} />
            </Trans>
          </p>
        )}
        <p>
          <Trans>
            Default: <DefaultText parameter={parameter} />
          </Trans>
        </p>
      </div>
      <div className={styles['value']}>
        {words !== undefined && <strong>{i18n._(words)}</strong>}
        <Control {...props} />
        {value !== undefined && isDuration(parameter) && Number(value) > 0 && (
          <p className={styles['hint']}>
            <DurationText milliseconds={Number(value)} />
          </p>
        )}
        {value !== undefined && !readOnly && (
          <Button
            variant="quiet"
            aria-label={t`Use the default of ${parameter.name}`}
            onClick={() => onChange(undefined)}
          >
            <Trans>Use the default</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

function DefaultText({ parameter }: { readonly parameter: DeclaredParameter }) {
  const { i18n } = useLingui();
  if (parameter.defaultText !== undefined) return <MarkdownText text={i18n._(parameter.defaultText)} />;
  if (parameter.defaultValue !== undefined) return <code>{parameter.defaultValue}</code>;
  return <Trans>none, nothing is required</Trans>;
}

/** The reference says "How many milliseconds" of these; their values are too large to be read. */
function isDuration({ form }: DeclaredParameter): boolean {
  return form.kind === 'number' && form.maximum > 1_000_000_000_000;
}

function Control({ parameter, value, onChange, error, readOnly, trustAnchorSets }: ParameterFieldProps) {
  const { t } = useLingui();
  const { form, name } = parameter;
  const label = <code>{name}</code>;
  const shared = { label, error, disabled: readOnly };
  const take = (text: string) => onChange(text === '' ? undefined : text);
  switch (form.kind) {
    case 'choice':
    case 'trustAnchorSet': {
      const choices = form.kind === 'choice' ? form.choices : trustAnchorSets;
      // A stored value stays visible even if it can no longer be chosen.
      const all = value === undefined || choices.includes(value) ? choices : [...choices, value];
      return (
        <Select {...shared} value={value ?? ''} onChange={(event) => take(event.target.value)}>
          <option value="">{t`Default`}</option>
          {all.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
      );
    }
    case 'number': {
      const { minimum, maximum, off } = form;
      return (
        <NumberInput
          {...shared}
          error={error ?? (isOutside(value, form) ? t`A whole number from ${minimum} to ${maximum}.` : undefined)}
          help={off ? t`${minimum} to ${maximum}, or -1 for off` : t`${minimum} to ${maximum}`}
          min={off ? -1 : minimum}
          max={maximum}
          step={1}
          value={value ?? ''}
          placeholder={parameter.defaultValue}
          onChange={(event) => take(event.target.value)}
        />
      );
    }
    case 'list':
      return <ListField parameter={parameter} entry={form.entry} {...{ value, onChange, error, readOnly }} />;
    case 'text':
      return <TextInput {...shared} value={value ?? ''} onChange={(event) => take(event.target.value)} />;
  }
}

function isOutside(value: string | undefined, form: { minimum: number; maximum: number; off: boolean }): boolean {
  if (value === undefined || (form.off && value === '-1')) return false;
  const number = Number(value);
  return !Number.isInteger(number) || number < form.minimum || number > form.maximum;
}
