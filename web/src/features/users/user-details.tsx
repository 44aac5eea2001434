import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import type { UserResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CopyButton } from '../../components/copy-button.js';
import { Instant } from '../../components/instant.js';
import { DescriptionList } from '../../components/page.js';
import { useMemberNames } from './member-names.js';
import { formOf, USER_MEMBERS, type UserMember } from './user-form.rules.js';

import styles from './users.module.css';

/** Members that are shown in another way than as their text. */
const SPECIAL: readonly UserMember[] = ['userState', 'properties', 'validity.from', 'validity.to'];

export function UserDetails({ user }: { readonly user: UserResource }) {
  const names = useMemberNames();
  const form = formOf(user);
  const texts = USER_MEMBERS.filter((member) => !SPECIAL.includes(member) && form[member] !== '');
  const entries: readonly (readonly [ReactNode, ReactNode])[] = [
    [
      <Trans>ID</Trans>,
      <span className={styles['row']}>
        <CertificateText text={user.extId} code /> <CopyButton text={user.extId} />
      </span>,
    ],
    ...texts.map((member) => [names[member], <CertificateText text={form[member]} />] as const),
    [names['validity.from'], time(user.validity?.from)],
    [names['validity.to'], time(user.validity?.to)],
    ...Object.entries(user.properties ?? {}).map(
      ([name, value]) => [<CertificateText text={name} />, <CertificateText text={value} />] as const,
    ),
    [<Trans>Created</Trans>, <Instant value={user.created} />],
    [<Trans>Changed</Trans>, <Instant value={user.lastModified} />],
    [<Trans>Version</Trans>, user.version],
  ];
  return <DescriptionList entries={entries} />;
}

function time(value: string | undefined): ReactNode {
  return value === undefined ? undefined : <Instant value={value} />;
}
