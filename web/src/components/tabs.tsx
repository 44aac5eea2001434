import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';

import styles from './tabs.module.css';

interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

/** The chosen tab is in the address, as `?tab=`. */
export function Tabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const [search, setSearch] = useSearchParams();
  const chosen = tabs.find(({ id }) => id === search.get('tab')) ?? tabs[0];
  return (
    <BaseTabs.Root
      value={chosen?.id}
      onValueChange={(id) => {
        setSearch((before) => {
          const after = new URLSearchParams(before);
          after.set('tab', String(id));
          // It is the page of a list in the tab before.
          after.delete('page');
          return after;
        });
      }}
    >
      <BaseTabs.List className={styles['list']}>
        {tabs.map(({ id, label }) => (
          <BaseTabs.Tab key={id} value={id} className={styles['tab']}>
            {label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map(({ id, content }) => (
        <BaseTabs.Panel key={id} value={id} className={styles['panel']}>
          {content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
