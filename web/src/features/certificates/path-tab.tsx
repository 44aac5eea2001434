import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';

import type { CertificateResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { EmptyState, Section } from '../../components/page.js';
import { type CertificateKey, policyAddress } from './addresses.js';
import { PathChain } from './path-chain.js';
import { RevocationEvidence } from './revocation-evidence.js';
import { LOGIN_NOW, useExplanation } from './use-certificate.js';

interface PathTabProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
}

export function PathTab({ path, certificate }: PathTabProps) {
  const { data, error, refetch } = useExplanation(path, certificate, LOGIN_NOW);
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      <Section title={<Trans>Path to a trust anchor</Trans>}>
        {data.path === undefined ? (
          <EmptyState
            title={<Trans>The policy names no trust-anchor set</Trans>}
            action={
              <Link to={policyAddress(path.clientExtId, certificate.policyExtId)}>
                <Trans>Open the policy</Trans>
              </Link>
            }
          >
            <Trans>
              So no path is searched, and anybody could have made this certificate. Set trustAnchors in the policy.
            </Trans>
          </EmptyState>
        ) : (
          <PathChain path={data.path} />
        )}
      </Section>
      <RevocationEvidence revocation={data.revocation} />
    </>
  );
}
