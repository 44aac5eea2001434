import { Trans } from '@lingui/react/macro';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';

import { Tooltip } from './tooltip.js';

import styles from './button.module.css';

type Variant = 'primary' | 'secondary' | 'danger' | 'quiet';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly variant?: Variant;
  /** The right that the caller lacks: the button is disabled, and says so. */
  readonly missingRight?: string | undefined;
  /** What the button started has not ended yet: it cannot be pressed twice. */
  readonly pending?: boolean;
  readonly icon?: ReactNode;
}

export function Button({ variant = 'secondary', missingRight, pending = false, icon, ...rest }: ButtonProps) {
  const { children, disabled = false, type = 'button', onClick, ...props } = rest;
  const isUnavailable = disabled || pending || missingRight !== undefined;
  // The reason of a disabled button can be read only if it can be focused.
  const staysFocusable = missingRight !== undefined || pending;
  const button = (
    <button
      {...props}
      type={type}
      className={`${styles['button']} ${styles[variant]}`}
      disabled={isUnavailable && !staysFocusable}
      aria-disabled={isUnavailable || undefined}
      aria-busy={pending || undefined}
      onClick={isUnavailable ? refuse : onClick}
    >
      {pending ? <span className={styles['spinner']} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
  if (missingRight === undefined) return button;
  return <Tooltip text={<Trans>You need the right {missingRight} for this.</Trans>}>{button}</Tooltip>;
}

/** Neither presses the button nor submits its form. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

interface LinkButtonProps extends Omit<LinkProps, 'className'> {
  readonly variant?: Variant;
}

export function LinkButton({ variant = 'secondary', ...props }: LinkButtonProps) {
  return <Link {...props} className={`${styles['button']} ${styles[variant]}`} />;
}
