import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

import styles from './menu.module.css';

interface MenuItem {
  readonly label: ReactNode;
  readonly onSelect: () => void;
  /** Why it cannot be chosen. */
  readonly unavailable?: ReactNode;
  readonly danger?: boolean;
}

interface MenuProps {
  /** A `Button`. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly items: readonly MenuItem[];
}

export function Menu({ trigger, items }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="end" className={styles['positioner']}>
          <BaseMenu.Popup className={styles['popup']}>
            {items.map(({ label, onSelect, unavailable, danger = false }, index) => (
              <BaseMenu.Item
                key={index}
                className={`${styles['item']} ${danger ? styles['danger'] : ''}`}
                disabled={unavailable !== undefined}
                onClick={onSelect}
              >
                {label}
                {unavailable !== undefined && <small className={styles['reason']}>{unavailable}</small>}
              </BaseMenu.Item>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
