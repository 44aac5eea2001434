import { Trans } from '@lingui/react/macro';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { EventList } from './event-list.js';
import { type Choice, mergedMembers, mergedValues } from './merge.rules.js';

import styles from './users.module.css';

interface MergeProps<Member extends string> {
  readonly members: readonly Member[];
  readonly labelOf: (member: Member) => string;
  /** What is shown of a value; the value itself if absent. */
  readonly textOf?: (member: Member, value: string) => string;
  /** What the change was based on, what is stored now, and what was to be stored. */
  readonly before: Readonly<Record<Member, string>>;
  readonly theirs: Readonly<Record<Member, string>>;
  readonly mine: Readonly<Record<Member, string>>;
  /** What happened meanwhile. */
  readonly events: readonly AuditEventResource[];
  readonly pending: boolean;
  readonly onSave: (merged: Readonly<Record<Member, string>>) => void;
  readonly onDiscard: () => void;
}

/** After a 409: who changed what meanwhile, and for each member, whose value is kept. */
export function Merge<Member extends string>(props: MergeProps<Member>) {
  const { members, labelOf, before, theirs, mine, events, pending, onSave, onDiscard } = props;
  const textOf = props.textOf ?? ((_member: Member, value: string) => value);
  const rows = mergedMembers(members, before, theirs, mine);
  const suggested = Object.fromEntries(rows.map((row) => [row.member, row.suggested])) as Choices<Member>;
  const [chosen, setChosen] = useState({} as Choices<Member>);
  const message = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone.
  useEffect(() => message.current?.focus(), []);
  const choices = { ...suggested, ...chosen };
  const keepAll = (choice: Choice) =>
    setChosen(Object.fromEntries(rows.map(({ member }) => [member, choice])) as Choices<Member>);
  const isDecided = rows.every(({ member }) => choices[member] !== undefined);
  return (
    <div className={styles['form']}>
      <div role="alert" ref={message} tabIndex={-1}>
        <strong>
          <Trans>Somebody else has changed this meanwhile. Nothing of yours has been saved yet.</Trans>
        </strong>
      </div>
      <EventList events={events} />
      {rows.length === 0 ? (
        <p>
          <Trans>What is stored now is what you wanted to save.</Trans>
        </p>
      ) : (
        <>
          <div className={styles['row']}>
            <Button onClick={() => keepAll('theirs')}>
              <Trans>Keep all of theirs</Trans>
            </Button>
            <Button onClick={() => keepAll('mine')}>
              <Trans>Keep all of mine</Trans>
            </Button>
          </div>
          <div className={styles['choices']}>
            {rows.map(({ member, ...values }) => (
              <MemberChoice
                key={member}
                label={labelOf(member)}
                before={textOf(member, values.before)}
                theirs={textOf(member, values.theirs)}
                mine={textOf(member, values.mine)}
                choice={choices[member]}
                onChoose={(choice) => setChosen((former) => ({ ...former, [member]: choice }))}
              />
            ))}
          </div>
        </>
      )}
      <div className={styles['row']}>
        {rows.length > 0 && (
          <Button
            variant="primary"
            pending={pending}
            disabled={!isDecided}
            onClick={() => onSave(mergedValues(theirs, mine, choices))}
          >
            <Trans>Save the merged values</Trans>
          </Button>
        )}
        <Button onClick={onDiscard}>{rows.length > 0 ? <Trans>Discard my change</Trans> : <Trans>Close</Trans>}</Button>
        {!isDecided && (
          <span className={styles['quiet']}>
            <Trans>Choose one of the two wherever both have changed.</Trans>
          </span>
        )}
      </div>
    </div>
  );
}

type Choices<Member extends string> = Readonly<Partial<Record<Member, Choice>>>;

interface MemberChoiceProps {
  readonly label: string;
  readonly before: string;
  readonly theirs: string;
  readonly mine: string;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

function MemberChoice({ label, before, theirs, mine, choice, onChoose }: MemberChoiceProps) {
  const name = useId();
  const option = (value: 'theirs' | 'mine', title: ReactNode, text: string) => (
    <label className={styles['option']}>
      <input type="radio" name={name} checked={choice === value} onChange={() => onChoose(value)} />
      <span>{title}</span>
      <Value text={text} />
    </label>
  );
  return (
    <fieldset className={styles['choice']} data-open={choice === undefined || undefined}>
      <legend>{label}</legend>
      {option('theirs', <Trans>Theirs</Trans>, theirs)}
      {option('mine', <Trans>Mine</Trans>, mine)}
      <span className={styles['quiet']}>
        <Trans>
          Before: <Value text={before} />
        </Trans>
      </span>
    </fieldset>
  );
}

function Value({ text }: { readonly text: string }) {
  if (text !== '') return <CertificateText text={text} />;
  return (
    <span className={styles['quiet']}>
      <Trans>nothing</Trans>
    </span>
  );
}
