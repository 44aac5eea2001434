import { Trans } from '@lingui/react/macro';

import { Button, LinkButton } from '../../components/button.js';
import { useRights } from '../../session/use-rights.js';

export function NewButton() {
  const missing = useRights().missing('PolicyCreate');
  if (missing !== undefined) {
    return (
      <Button missingRight={missing}>
        <Trans>New policy</Trans>
      </Button>
    );
  }
  return (
    <LinkButton variant="primary" to="new">
      <Trans>New policy</Trans>
    </LinkButton>
  );
}
