import { useLingui } from '@lingui/react/macro';

import type { MtlsCertificateResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';

const TONES = { Available: 'ok', UnAvailable: 'danger', Expired: 'warning' } as const;

type Status = MtlsCertificateResource['status'];

export const STATUSES = Object.keys(TONES) as readonly Status[];

export function useStatusNames(): Readonly<Record<Status, string>> {
  const { t } = useLingui();
  return { Available: t`Available`, UnAvailable: t`Unavailable`, Expired: t`Expired` };
}

export function StatusBadge({ keyStore: { status, deleted } }: { readonly keyStore: MtlsCertificateResource }) {
  const { t } = useLingui();
  const names = useStatusNames();
  if (deleted) return <Badge>{t`Deleted`}</Badge>;
  return <Badge tone={TONES[status]}>{names[status]}</Badge>;
}
