import { Tooltip as BaseTooltip } from '@base-ui/react/tooltip';
import { cloneElement, type ReactElement, type ReactNode, useId, useState } from 'react';

import styles from './tooltip.module.css';

interface TooltipProps {
  readonly text: ReactNode;
  /** One element that can be focused. */
  readonly children: ReactElement<Record<string, unknown>>;
}

/** The tooltip is for those who see it; those who hear the page get its text as the description of the element. */
export function Tooltip({ text, children }: TooltipProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <BaseTooltip.Root open={isOpen} onOpenChange={setOpen}>
      <BaseTooltip.Trigger render={cloneElement(children, { 'aria-describedby': id })} />
      {!isOpen && (
        <span id={id} hidden>
          {text}
        </span>
      )}
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner sideOffset={6} className={styles['positioner']}>
          <BaseTooltip.Popup id={id} className={styles['popup']}>
            {text}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}
