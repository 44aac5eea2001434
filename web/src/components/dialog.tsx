import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, type RefObject, useRef, useState } from 'react';

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
  /** What has the focus first, instead of the first field. With `autoFocus`, the focus would not return where it was. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** A press beside it closes it, too: only where nothing that was entered would be lost. */
  readonly closesOutside?: boolean;
}

/** Escape closes it, and only it. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, children, actions, closesOutside = false } = props;
  const { t } = useLingui();
  const body = useRef<HTMLDivElement>(null);
  // On a telephone, a field that has the focus opens the keyboard over the dialog.
  const firstField = (openedBy: string) =>
    (openedBy !== 'touch' && body.current?.querySelector<HTMLElement>(FIELDS)) || true;
  return (
    <BaseDialog.Root
      open={open}
      disablePointerDismissal={!closesOutside}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles['backdrop']} />
        <BaseDialog.Popup className={styles['popup']} initialFocus={props.initialFocus ?? firstField}>
          <header className={styles['header']}>
            <BaseDialog.Title className={styles['title']}>{title}</BaseDialog.Title>
            <BaseDialog.Close render={<Button variant="quiet" aria-label={t`Close`} icon={<CloseIcon />} />} />
          </header>
          <div ref={body} className={styles['body']}>
            {children}
          </div>
          {actions !== undefined && <footer className={styles['actions']}>{actions}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

const FIELDS = 'input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';

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
      {/* Read out with the title. */}
      <BaseDialog.Description>{consequence}</BaseDialog.Description>
      {children}
      {error !== undefined && error !== null && error !== formerError && <ErrorNotice error={error} />}
    </Dialog>
  );
}
