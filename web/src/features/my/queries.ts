import { useQuery, useQueryClient } from '@tanstack/react-query';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getCertificate, getPassword, getUser, listCertificates } from '../../api/generated/sdk.gen.js';
import type { CertificateResource, PasswordResource } from '../../api/generated/types.gen.js';
import { type MorePages, PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useMe } from './me.js';

/** `replacedBy` and `disabledOn` are there once a newer certificate of the user has been used. */
export type MyCertificate = CertificateResource & { readonly replacedBy?: string; readonly disabledOn?: string };

export function useMyCertificates(): MorePages<MyCertificate> {
  const { path } = useMe();
  return useMorePages<MyCertificate>(['my', 'certificates'], async (continuationToken, signal) => {
    const query = { limit: PAGE_ROWS, ...(continuationToken === undefined ? {} : { continuationToken }) };
    const { items, _pagination: page } = await call(listCertificates({ path, query, signal }));
    return { items, next: page.continuationToken };
  });
}

export function useMyCertificate(extId: string) {
  const { path } = useMe();
  return useQuery<MyCertificate>({
    queryKey: ['my', 'certificate', extId],
    queryFn: async ({ signal }) => await call(getCertificate({ path: { ...path, extId }, signal })),
  });
}

/** `null` if the user has no password. */
export function useMyPassword(options: { readonly refetchOnMount?: 'always' } = {}) {
  const { path } = useMe();
  return useQuery<PasswordResource | null>({
    ...options,
    queryKey: ['my', 'password'],
    queryFn: async ({ signal }) => await orNull(call(getPassword({ path, signal }))),
  });
}

export function useMyDetails() {
  const { path } = useMe();
  return useQuery({
    queryKey: ['my', 'details'],
    queryFn: async ({ signal }) => await call(getUser({ path, signal })),
  });
}

/** Reads everything of the user again that is shown. */
export function useReadAgain(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => await queries.invalidateQueries({ queryKey: ['my'] });
}

/** The resource, or `null` if there is none. */
export async function orNull<Data>(pending: Promise<Data>): Promise<Data | null> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
