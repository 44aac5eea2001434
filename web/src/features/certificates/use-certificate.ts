import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { call } from '../../api/client.js';
import { explainUserCertificate, getCertificate } from '../../api/generated/sdk.gen.js';
import type { CertificateResource, ExplanationPurpose } from '../../api/generated/types.gen.js';
import { useClient } from '../../shell/shell.js';
import type { CertificateKey } from './addresses.js';

export function useCertificateKey(): CertificateKey {
  const clientExtId = useClient();
  const { userExtId = '', extId = '' } = useParams();
  return { clientExtId, userExtId, extId };
}

const rootKey = ({ clientExtId, userExtId, extId }: CertificateKey) => ['certificate', clientExtId, userExtId, extId];

export function useCertificate(path: CertificateKey) {
  return useQuery({
    queryKey: [...rootKey(path), 'resource'],
    queryFn: async ({ signal }) => await call(getCertificate({ path: { ...path }, signal })),
  });
}

/** The key of everything that is read about one certificate. */
export function keyOf(path: CertificateKey, ...rest: readonly unknown[]): readonly unknown[] {
  return [...rootKey(path), ...rest];
}

/** Reads everything again that a change of the certificate may have changed. */
export function useRefresh(path: CertificateKey): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(
      [rootKey(path), ['certificates', path.clientExtId]].map(
        async (queryKey) => await queries.invalidateQueries({ queryKey }),
      ),
    );
  };
}

export interface Question {
  readonly purpose: ExplanationPurpose;
  /** Evaluated as at this instant; now, if absent. */
  readonly at?: string | undefined;
}

export const LOGIN_NOW: Question = { purpose: 'login' };

/** What the policy, the path and revocation say about the certificate (E3). It changes nothing. */
export function useExplanation(
  path: CertificateKey,
  { certificate, policyExtId, version }: CertificateResource,
  { purpose, at }: Question,
) {
  const { clientExtId, userExtId } = path;
  return useQuery({
    queryKey: keyOf(path, 'explanation', version, purpose, at),
    queryFn: async ({ signal }) =>
      await call(
        explainUserCertificate({
          path: { clientExtId, userExtId },
          body: {
            certificate,
            purpose,
            ...(purpose === 'upload' ? { policyExtId } : {}),
            ...(at === undefined ? {} : { at }),
          },
          signal,
        }),
      ),
  });
}
