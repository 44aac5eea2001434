import { Link } from 'react-router';

import type { UserResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { StateBadge } from '../../components/state-badge.js';
import { nameOf } from '../users/user-name.js';

import styles from './search.module.css';

/** A user in a list of results: the name, and what else people are searched by. */
export function UserText({ user, to }: { readonly user: UserResource; readonly to?: string }) {
  const { loginId, extId, contacts, userState } = user;
  const others = [...new Set([loginId, contacts?.email, extId])].filter((text) => text !== undefined);
  const name = <CertificateText text={nameOf(user)} plain />;
  return (
    <>
      {to === undefined ? (
        <span className={styles['main']}>{name}</span>
      ) : (
        <Link className={styles['main']} to={to}>
          {name}
        </Link>
      )}
      <span className={styles['quiet']}>
        <CertificateText text={others.join(' · ')} plain />
      </span>
      <StateBadge state={userState} />
    </>
  );
}
