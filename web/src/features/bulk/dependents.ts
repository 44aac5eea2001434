import { call } from '../../api/client.js';
import { listClientCertificates } from '../../api/generated/sdk.gen.js';
import { type Filters, queryOf } from '../certificates/filters.js';

/** The server's largest page. */
const LIMIT = 1_000;

/** What depends on an issuer, a key or a key type. */
export interface Dependents {
  readonly certificates: number;
  readonly users: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly byPolicy: Readonly<Record<string, number>>;
  readonly neverUsed: number;
  readonly lastUsed: string | undefined;
}

/** Reads every certificate that the filters select, as no count says how many users they have. */
export async function readDependents(
  clientExtId: string,
  filters: Filters,
  signal: AbortSignal,
  onProgress: (certificates: number) => void,
): Promise<Dependents> {
  const users = new Set<string>();
  const byState: Record<string, number> = {};
  const byPolicy: Record<string, number> = {};
  let certificates = 0;
  let neverUsed = 0;
  let lastUsed: string | undefined;
  let continuationToken: string | undefined;
  do {
    const next = continuationToken === undefined ? {} : { continuationToken };
    const query = { ...queryOf(filters), limit: LIMIT, ...next };
    const { items, _pagination } = await call(listClientCertificates({ path: { clientExtId }, query, signal }));
    for (const { userExtId, stateName, policyExtId, lastSuccessfulLoginDate: at } of items) {
      users.add(userExtId);
      byState[stateName] = (byState[stateName] ?? 0) + 1;
      byPolicy[policyExtId] = (byPolicy[policyExtId] ?? 0) + 1;
      if (at === undefined) neverUsed += 1;
      else if (lastUsed === undefined || at > lastUsed) lastUsed = at;
    }
    certificates += items.length;
    onProgress(certificates);
    ({ continuationToken } = _pagination);
  } while (continuationToken !== undefined);
  return { certificates, users: users.size, byState, byPolicy, neverUsed, lastUsed };
}
