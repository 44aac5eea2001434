import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';

import { Button } from './button.js';
import { deceivingParts, hasMixedScripts } from './deceiving-text.js';
import { Tooltip } from './tooltip.js';

import styles from './certificate-text.module.css';

const MAX_CHARACTERS = 300;

interface CertificateTextProps {
  readonly text: string;
  readonly code?: boolean;
  /** Nothing in it can be focused or pressed: inside a link, a button or an option. */
  readonly plain?: boolean;
  /** How much of it is shown before the reader asks for all. */
  readonly maxCharacters?: number;
}

/**
 * Text that somebody else chose, as in a certificate: control and bidirectional characters are shown as marks, long text
 * is cut, and mixed scripts are pointed out.
 */
export function CertificateText(props: CertificateTextProps) {
  const { text, code = false, plain = false, maxCharacters = MAX_CHARACTERS } = props;
  const { t } = useLingui();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? text : text.slice(0, maxCharacters);
  return (
    <bdi className={`${styles['text']} ${code ? styles['code'] : ''}`}>
      {deceivingParts(shown).map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <Mark key={index} plain={plain} reason={<Trans>This invisible character is in the text: {part.name}</Trans>}>
            {part.name}
          </Mark>
        ),
      )}
      {hasMixedScripts(text) && (
        <Mark
          plain={plain}
          reason={<Trans>Letters of different scripts look alike here. The name may imitate another one.</Trans>}
        >
          {t`mixed scripts`}
        </Mark>
      )}
      {text.length > shown.length && plain && '…'}
      {text.length > shown.length && !plain && (
        <Button variant="quiet" onClick={() => setWhole(true)}>
          <Trans>Show all {text.length} characters</Trans>
        </Button>
      )}
    </bdi>
  );
}

interface MarkProps {
  readonly plain: boolean;
  readonly reason: ReactNode;
  readonly children: ReactNode;
}

function Mark({ plain, reason, children }: MarkProps) {
  if (plain) return <span className={styles['mark']}>{children}</span>;
  return (
    <Tooltip text={reason}>
      <span className={styles['mark']} tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  );
}
