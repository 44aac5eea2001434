import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';

import styles from './field.module.css';

interface FieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  /** What is wrong with the value; from the form or from the server. */
  readonly error?: ReactNode;
  readonly hideLabel?: boolean;
}

function Field({ label, help, error, hideLabel = false, children }: FieldProps & { readonly children: ReactNode }) {
  return (
    <BaseField.Root className={styles['field']} invalid={error !== undefined}>
      <BaseField.Label className={hideLabel ? 'visually-hidden' : styles['label']}>{label}</BaseField.Label>
      {children}
      {help !== undefined && <BaseField.Description className={styles['help']}>{help}</BaseField.Description>}
      {error !== undefined && (
        <BaseField.Error className={styles['error']} match>
          {error}
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}

type Control<Element extends 'input' | 'select' | 'textarea'> = FieldProps & Omit<ComponentProps<Element>, 'className'>;

export function TextInput({ label, help, error, hideLabel, ...props }: Control<'input'>) {
  return (
    <Field {...{ label, help, error }} hideLabel={hideLabel ?? false}>
      <BaseField.Control {...props} className={styles['control']} />
    </Field>
  );
}

export function NumberInput(props: Control<'input'>) {
  return <TextInput {...props} type="number" inputMode="numeric" />;
}

export function SearchInput(props: Control<'input'>) {
  return <TextInput {...props} type="search" autoComplete="off" spellCheck={false} />;
}

export function TextArea({ label, help, error, hideLabel, ...props }: Control<'textarea'>) {
  return (
    <Field {...{ label, help, error }} hideLabel={hideLabel ?? false}>
      <BaseField.Control render={<textarea {...props} />} className={styles['control']} />
    </Field>
  );
}

/** The browser's own control: it is usable by keyboard, by telephone and by assistive technology as it is. */
export function Select({ label, help, error, hideLabel, children, ...props }: Control<'select'>) {
  return (
    <Field {...{ label, help, error }} hideLabel={hideLabel ?? false}>
      <BaseField.Control render={<select {...props}>{children}</select>} className={styles['control']} />
    </Field>
  );
}

export function Checkbox({ label, help, error, ...props }: Control<'input'>) {
  return (
    <BaseField.Root className={styles['field']} invalid={error !== undefined}>
      <BaseField.Label className={styles['choice']}>
        <BaseField.Control {...props} type="checkbox" />
        <span>{label}</span>
      </BaseField.Label>
      {help !== undefined && <BaseField.Description className={styles['help']}>{help}</BaseField.Description>}
      {error !== undefined && (
        <BaseField.Error className={styles['error']} match>
          {error}
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}
