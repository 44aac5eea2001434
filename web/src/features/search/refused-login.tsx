import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';

import type { RefusedLoginResource } from '../../api/generated/types.gen.js';
import { Instant } from '../../components/instant.js';
import { Section } from '../../components/page.js';
import { useClient } from '../../shell/shell.js';
import { certificateAddress } from '../certificates/addresses.js';
import { PathChain } from '../certificates/path-chain.js';
import { RevocationEvidence } from '../certificates/revocation-evidence.js';
import { RuleTable } from '../certificates/rule-table.js';
import { VerdictNotice } from '../certificates/verdict-notice.js';

/** Why a login was refused, as it was at that time. */
export function RefusedLogin({ at, explanation }: RefusedLoginResource) {
  const clientExtId = useClient();
  const { owner, rules, path, revocation } = explanation;
  const { userExtId, extId } = owner;
  return (
    <>
      <p>
        <Trans>
          A login was refused <Instant value={at} />. This is what was decided then:
        </Trans>
      </p>
      <VerdictNotice explanation={explanation} />
      {userExtId !== undefined && extId !== undefined && (
        <Link to={certificateAddress({ clientExtId, userExtId, extId })}>
          <Trans>Open the certificate as it is now</Trans>
        </Link>
      )}
      {rules.length > 0 && (
        <Section title={<Trans>Rules of the policy then</Trans>}>
          <RuleTable rules={rules} />
        </Section>
      )}
      {path !== undefined && (
        <Section title={<Trans>Path then</Trans>}>
          <PathChain path={path} />
        </Section>
      )}
      <RevocationEvidence revocation={revocation} />
    </>
  );
}
