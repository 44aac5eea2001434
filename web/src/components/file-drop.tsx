import { type DragEvent, type ReactNode, useEffect, useId, useState } from 'react';

import { UploadIcon } from './icons.js';

import styles from './file-drop.module.css';

interface FileDropProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  /** File name endings and media types, as in `accept` of an input. */
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files that are dropped on it or chosen with it. */
export function FileDrop({ label, help, accept, multiple = false, onFiles }: FileDropProps) {
  const [isOver, setOver] = useState(false);
  const helpId = useId();
  useEffect(refuseFilesBeside, []);
  const take = (files: FileList | null) => {
    setOver(false);
    if (files !== null && files.length > 0) onFiles(multiple ? [...files] : [...files].slice(0, 1));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  return (
    <label
      className={styles['drop']}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <UploadIcon />
      <span className={styles['label']}>{label}</span>
      {help !== undefined && (
        <span id={helpId} className={styles['help']}>
          {help}
        </span>
      )}
      <input
        className="visually-hidden"
        type="file"
        accept={accept}
        multiple={multiple}
        aria-describedby={help === undefined ? undefined : helpId}
        onChange={(event) => {
          take(event.target.files);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </label>
  );
}

/** A file that misses the area would be opened by the browser in place of the page, and everything entered there be lost. */
function refuseFilesBeside(): () => void {
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  return () => {
    window.removeEventListener('dragover', refuse);
    window.removeEventListener('drop', refuse);
  };
}

function refuse(event: globalThis.DragEvent): void {
  if (event.defaultPrevented || event.dataTransfer?.types.includes('Files') !== true) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}
