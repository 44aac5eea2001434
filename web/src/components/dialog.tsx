import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, type RefObject, useState } from 'react';

import { Button } from './button.js';
import { ErrorNotice } from './error-notice.js';
import { CloseIcon } from './icons.js';

import styles from './dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The buttons at the bottom. */
  readonly actions?: ReactNode;
  /** What has the focus first. With `autoFocus` instead, the focus would not return where it was. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** Escape closes it, and only it. */
export function Dialog({ open, onClose, title, children, actions, initialFocus }: DialogProps) {
  const { t } = useLingui();
  return (
    <BaseDialog.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles['backdrop']} />
        <BaseDialog.Popup className={styles['popup']} initialFocus={initialFocus}>
          <header className={styles['header']}>
            <BaseDialog.Title className={styles['title']}>{title}</BaseDialog.Title>
            <BaseDialog.Close render={<Button variant="quiet" aria-label={t`Close`} icon={<CloseIcon />} />} />
          </header>
          <div className={styles['body']}>{children}</div>
          {actions !== undefined && <footer className={styles['actions']}>{actions}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** A sentence of what follows. */
  readonly consequence: ReactNode;
  /** The verb on the button. */
  readonly confirm: ReactNode;
  readonly onConfirm: () => void;
  readonly pending?: boolean;
  readonly error?: unknown;
  readonly variant?: 'danger' | 'primary';
  /** Fields, such as a comment. */
  readonly children?: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, consequence, confirm, onConfirm, children } = props;
  const { pending = false, error, variant = 'danger' } = props;
  // What an attempt before the last opening said, is not said again.
  const [formerError, setFormerError] = useState<unknown>();
  const close = () => {
    setFormerError(error);
    props.onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      actions={
        <>
          <Button onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button variant={variant} pending={pending} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      <p>{consequence}</p>
      {children}
      {error !== undefined && error !== null && error !== formerError && <ErrorNotice error={error} />}
    </Dialog>
  );
}
