import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Button } from './button.js';
import { deceivingParts, hasMixedScripts } from './deceiving-text.js';
import { Tooltip } from './tooltip.js';

import styles from './certificate-text.module.css';

interface CertificateTextProps {
  readonly text: string;
  readonly code?: boolean;
  /** How much of it is shown before the reader asks for all. */
  readonly maxCharacters?: number;
}

/**
 * Text that somebody else chose, as in a certificate: control and bidirectional characters are shown as marks, long text
 * is cut, and mixed scripts are pointed out.
 */
export function CertificateText({ text, code = false, maxCharacters = 300 }: CertificateTextProps) {
  const { t } = useLingui();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? text : text.slice(0, maxCharacters);
  return (
    <bdi className={`${styles['text']} ${code ? styles['code'] : ''}`}>
      {deceivingParts(shown).map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <Tooltip key={index} text={<Trans>This invisible character is in the text: {part.name}</Trans>}>
            <span className={styles['mark']} tabIndex={0}>
              {part.name}
            </span>
          </Tooltip>
        ),
      )}
      {hasMixedScripts(text) && (
        <Tooltip text={<Trans>Letters of different scripts look alike here. The name may imitate another one.</Trans>}>
          <span className={styles['mark']} tabIndex={0}>
            {t`mixed scripts`}
          </span>
        </Tooltip>
      )}
      {text.length > shown.length && (
        <Button variant="quiet" onClick={() => setWhole(true)}>
          <Trans>Show all {text.length} characters</Trans>
        </Button>
      )}
    </bdi>
  );
}
