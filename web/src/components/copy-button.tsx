import { useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';

import { Button } from './button.js';
import { CheckIcon, CopyIcon } from './icons.js';

const SHOWN_MS = 2_000;

/** `what` names the text for those who hear the page: "Copy the fingerprint". */
export function CopyButton({ text, what }: { readonly text: string; readonly what?: string }) {
  const { t } = useLingui();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const label = what === undefined ? t`Copy` : t`Copy ${what}`;
  return (
    <Button
      variant="quiet"
      aria-label={isCopied ? t`Copied` : label}
      icon={isCopied ? <CheckIcon /> : <CopyIcon />}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
    />
  );
}
