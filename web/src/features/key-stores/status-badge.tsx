import { useLingui } from '@lingui/react/macro';

import type { MtlsCertificateResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';

const TONES = { Available: 'ok', UnAvailable: 'danger', Expired: 'warning' } as const;

export function StatusBadge({ keyStore: { status, deleted } }: { readonly keyStore: MtlsCertificateResource }) {
  const { t } = useLingui();
  if (deleted) return <Badge>{t`Deleted`}</Badge>;
  const names = { Available: t`Available`, UnAvailable: t`Unavailable`, Expired: t`Expired` };
  return <Badge tone={TONES[status]}>{names[status]}</Badge>;
}
