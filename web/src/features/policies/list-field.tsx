import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useState } from 'react';

import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Select, TextInput } from '../../components/field.js';
import { CloseIcon } from '../../components/icons.js';
import type { DeclaredParameter, ValueForm } from './declared-parameter.js';
import { entriesOf, listOf } from './parameter-lists.js';

import styles from './policies.module.css';

interface ListFieldProps {
  readonly parameter: DeclaredParameter;
  readonly entry: ValueForm;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly error?: string | undefined;
  readonly readOnly: boolean;
}

/** A list that is changed an entry at a time, so that nobody has to know its separators. */
export function ListField({ parameter, entry, value, onChange, error, readOnly }: ListFieldProps) {
  const { t } = useLingui();
  const { name, separators = ',' } = parameter;
  const entries = entriesOf(value ?? '', separators);
  const change = (next: readonly string[]) => onChange(next.length === 0 ? undefined : listOf(next, separators));
  const add = (text: string) => {
    const added = text.trim();
    if (added !== '' && !entries.includes(added)) change([...entries, added]);
  };
  return (
    <>
      {!readOnly && <Adding {...{ name, entry, entries, error, add }} />}
      {readOnly && <code>{name}</code>}
      {entries.length > 0 && (
        <ul className={styles['entries']} aria-label={t`Entries of ${name}`}>
          {entries.map((text) => (
            <li key={text}>
              <CertificateText text={text} code />
              {!readOnly && (
                <Button
                  variant="quiet"
                  aria-label={t`Remove ${text}`}
                  icon={<CloseIcon />}
                  onClick={() => change(entries.filter((other) => other !== text))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface AddingProps {
  readonly name: string;
  readonly entry: ValueForm;
  readonly entries: readonly string[];
  readonly error?: string | undefined;
  readonly add: (text: string) => void;
}

function Adding({ name, entry, entries, error, add }: AddingProps) {
  const { t } = useLingui();
  const [text, setText] = useState('');
  const suggestionsId = useId();
  const label = <code>{name}</code>;
  if (entry.kind === 'choice') {
    return (
      <Select label={label} error={error} value="" onChange={(event) => add(event.target.value)}>
        <option value="">{t`Add an entry…`}</option>
        {entry.choices
          .filter((choice) => !entries.includes(choice))
          .map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
      </Select>
    );
  }
  const suggestions = entry.kind === 'text' ? entry.suggestions : [];
  const take = () => {
    add(text);
    setText('');
  };
  return (
    <div className={styles['adding']}>
      <TextInput
        label={label}
        error={error}
        list={suggestions.length === 0 ? undefined : suggestionsId}
        value={text}
        maxLength={250}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          take();
        }}
        // An entry that was typed and not added would be lost when the policy is saved.
        onBlur={take}
      />
      <datalist id={suggestionsId}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
      <Button aria-label={t`Add to ${name}`} onClick={take}>
        <Trans>Add</Trans>
      </Button>
    </div>
  );
}
