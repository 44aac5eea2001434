import { Trans } from '@lingui/react/macro';

import { Button } from '../../components/button.js';

export function ChooseAnother({ onClick }: { readonly onClick: () => void }) {
  return (
    <div>
      <Button onClick={onClick}>
        <Trans>Choose another file</Trans>
      </Button>
    </div>
  );
}
