import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';

export function BackLink() {
  return (
    <Link to="/my">
      <Trans>My certificates</Trans>
    </Link>
  );
}
