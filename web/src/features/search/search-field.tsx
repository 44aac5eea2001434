import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';

import { SearchIcon } from '../../components/icons.js';
import { SearchDialog } from './search-dialog.js';

import styles from './search.module.css';

/** In the bar of the console: opens the search, as Ctrl K does everywhere. */
export function SearchField() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, []);
  return (
    <>
      <button
        type="button"
        className={styles['field']}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen(true)}
      >
        <SearchIcon />
        <span className={styles['prompt']}>
          <Trans>Search by PEM, serial number, fingerprint, name…</Trans>
        </span>
        <kbd className={styles['key']}>Ctrl K</kbd>
      </button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  );
}
