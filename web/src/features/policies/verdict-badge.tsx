import { useLingui } from '@lingui/react/macro';

import type { PolicyVerdict } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';

const TONES = { accepted: 'ok', disabled: 'warning', refused: 'danger' } as const;

export function VerdictBadge({ verdict }: { readonly verdict: PolicyVerdict }) {
  const { t } = useLingui();
  const names = { accepted: t`Accepted`, disabled: t`Stored as disabled`, refused: t`Refused` };
  return <Badge tone={TONES[verdict]}>{names[verdict]}</Badge>;
}
