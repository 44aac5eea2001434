import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextInput } from '../../components/field.js';
import { useClient } from '../../shell/shell.js';
import { mentionsPrivateKey } from './private-key.js';
import { optionId, ResultList } from './result-list.js';
import { groupsOf, type ResultOption } from './result-options.js';
import { searchTarget } from './search-address.js';
import { useLookup, useSettled, useUserSearch } from './use-lookup.js';

import styles from './search.module.css';

/** While somebody is typing, nothing is asked. */
const TYPING_MS = 150;

/** A combobox: the focus stays in the field, and the arrow keys choose among the results. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const clientExtId = useClient();
  const navigate = useNavigate();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  const settled = useSettled(text, TYPING_MS);
  const isPrivate = mentionsPrivateKey(text);
  const { data, error: lookupError, isFetching: isLookingUp } = useLookup(clientExtId, settled);
  const { data: users, error: userError, isFetching: isSearchingUsers } = useUserSearch(clientExtId, settled);
  const error = lookupError ?? userError;
  const isFetching = isLookingUp || isSearchingUsers;
  const groups =
    data === undefined || isPrivate || text.trim() === '' ? [] : groupsOf(clientExtId, settled.trim(), data, users);
  const options = groups.flatMap((group) => group.options);
  const active = options[Math.min(chosen, options.length - 1)];
  const isCurrent = text === settled && !isFetching;

  const open = (option: ResultOption | undefined) => {
    // Of a text that was not looked up yet, nothing is chosen: the page looks it up.
    const target = isCurrent && option !== undefined ? option : searchTarget(clientExtId, text.trim());
    onClose();
    void navigate(target.to, { state: target.state });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      choose((Math.min(chosen, options.length - 1) + step + options.length) % options.length);
    }
    if (event.key === 'Enter' && text.trim() !== '' && error === null && !isPrivate) {
      event.preventDefault();
      open(active);
    }
  };
  return (
    <Dialog open onClose={onClose} title={<Trans>Search</Trans>} initialFocus={field} closesOutside>
      <TextInput
        label={t`What do you have?`}
        help={t`A PEM, a serial number, a fingerprint, a name, an e-mail address, an ID, or the reference of a refused login.`}
        error={isPrivate ? t`This is a private key. It was not sent. Nobody but its owner may have it.` : undefined}
        ref={field}
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : optionId(listId, options.indexOf(active))}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          choose(0);
        }}
        onKeyDown={press}
      />
      {error !== null && text.trim() !== '' && <ErrorNotice error={error} />}
      <ResultList listId={listId} groups={groups} active={active} onChoose={open} />
      <p role="status" className={styles['status']}>
        {text.trim() === '' || error !== null || isPrivate ? null : !isCurrent ? (
          <Trans>Searching…</Trans>
        ) : options.length === 0 && data !== undefined ? (
          <Trans>Nothing was found for this text.</Trans>
        ) : null}
      </p>
    </Dialog>
  );
}
