import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { Link, type Location, useLocation, useNavigate, useSearchParams } from 'react-router';

import type { ReadingResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextArea } from '../../components/field.js';
import { SearchIcon } from '../../components/icons.js';
import { Expiry } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { EmptyState, PageHeader, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { useClient } from '../../shell/shell.js';
import { certificateAddress, consoleOf, userAddress } from '../certificates/addresses.js';
import { nameOf } from '../certificates/names.js';
import { mentionsPrivateKey } from './private-key.js';
import { READINGS } from './reading-texts.js';
import { RefusedLogin } from './refused-login.js';
import { userListAddress } from './result-options.js';
import { searchTarget, textOf } from './search-address.js';
import { type FoundUsers, useLookup, useUserSearch } from './use-lookup.js';
import { UserText } from './user-text.js';

import styles from './search.module.css';

/** Everything that a text may be, and all that it finds. */
export function SearchPage() {
  const { t } = useLingui();
  const clientExtId = useClient();
  const [search] = useSearchParams();
  const { state, key } = useLocation() as Location<unknown>;
  const text = textOf(search, state);
  const { data, error, refetch, isFetching } = useLookup(clientExtId, text);
  const users = useUserSearch(clientExtId, text);
  return (
    <>
      <PageHeader title={t`Search`} />
      <SearchForm key={key} clientExtId={clientExtId} text={text} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && isFetching && <Loading />}
      {users.error !== null && <ErrorNotice error={users.error} onRetry={() => void users.refetch()} />}
      {error === null && data !== undefined && !users.isLoading && (
        <Readings readings={data.readings} text={text} users={users.data} />
      )}
    </>
  );
}

function SearchForm({ clientExtId, text }: { readonly clientExtId: string; readonly text: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [typed, type] = useState(text);
  const isPrivate = mentionsPrivateKey(typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === '' || isPrivate) return;
    const { to, state } = searchTarget(clientExtId, typed.trim());
    void navigate(to, { state });
  };
  return (
    <form role="search" className={styles['form']} onSubmit={submit}>
      <TextArea
        label={t`What do you have?`}
        help={t`A PEM, a serial number, a fingerprint, a name, an e-mail address, an ID, or the reference of a refused login.`}
        error={isPrivate ? t`This is a private key. It was not sent. Nobody but its owner may have it.` : undefined}
        rows={3}
        spellCheck={false}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) submit(event);
        }}
      />
      <Button type="submit" variant="primary" icon={<SearchIcon />}>
        <Trans>Search</Trans>
      </Button>
    </form>
  );
}

interface ReadingsProps {
  readonly readings: readonly ReadingResource[];
  readonly text: string;
  readonly users: FoundUsers | undefined;
}

function Readings({ readings, text, users }: ReadingsProps) {
  const found = readings.filter(
    ({ certificates, refusedLogin, more }) => certificates.length > 0 || refusedLogin !== undefined || more,
  );
  const { i18n } = useLingui();
  const others = readings.filter((reading) => !found.includes(reading));
  return (
    <>
      {found.length === 0 && !users?.users.length && (
        <EmptyState title={<Trans>Nothing was found</Trans>}>
          <Trans>Check that nothing is missing at either end of the text, or search for a part of a name.</Trans>
        </EmptyState>
      )}
      {users !== undefined && users.users.length > 0 && <Users text={text} found={users} />}
      {found.map((reading) => (
        <Reading key={reading.kind + reading.value} {...reading} />
      ))}
      {others.length > 0 && (
        <Section title={<Trans>Also searched, without a result</Trans>}>
          <ul className={styles['quiet']}>
            {others.map(({ kind, value }) => (
              <li key={kind + value}>
                {i18n._(READINGS[kind])}: <CertificateText text={value} code />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Users({ text, found }: { readonly text: string; readonly found: FoundUsers }) {
  const clientExtId = useClient();
  return (
    <Section title={<Trans>Users</Trans>}>
      <ul className={styles['found']}>
        {found.users.map((user) => (
          <li key={user.extId} className={styles['certificate']}>
            <UserText user={user} to={userAddress(clientExtId, user.extId)} />
          </li>
        ))}
      </ul>
      {found.hasMore && (
        <Link to={userListAddress(clientExtId, text.trim())}>
          <Trans>All of them in the list of users</Trans>
        </Link>
      )}
    </Section>
  );
}

function Reading({ kind, value, certificates, more, refusedLogin }: ReadingResource) {
  const { i18n } = useLingui();
  const clientExtId = useClient();
  const [first] = certificates;
  return (
    <Section title={i18n._(READINGS[kind])}>
      <p>
        <CertificateText text={value} code />
      </p>
      {kind === 'userExtId' && first !== undefined && (
        <Link to={userAddress(clientExtId, first.userExtId)}>
          <Trans>
            User <CertificateText text={first.userExtId} plain />
          </Trans>
        </Link>
      )}
      {refusedLogin !== undefined && <RefusedLogin {...refusedLogin} />}
      <ul className={styles['found']}>
        {certificates.map((certificate) => {
          const { extId, userExtId, stateName, validity } = certificate;
          return (
            <li key={extId} className={styles['certificate']}>
              <Link className={styles['main']} to={certificateAddress({ clientExtId, userExtId, extId })}>
                <CertificateText text={nameOf(certificate)} plain />
              </Link>
              <span className={styles['quiet']}>
                <Trans>
                  User <CertificateText text={userExtId} plain />, ID <CertificateText text={extId} plain />
                </Trans>
              </span>
              <StateBadge state={stateName} />
              {validity.to !== undefined && (
                <span>
                  <Expiry value={validity.to} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {more && <More kind={kind} value={value} clientExtId={clientExtId} />}
    </Section>
  );
}

interface MoreProps extends Pick<ReadingResource, 'kind' | 'value'> {
  readonly clientExtId: string;
}

/** The filter of the list that finds the same. */
const LISTED: Readonly<Partial<Record<ReadingResource['kind'], string>>> = {
  publicKeySha256: 'publicKeySha256',
  subjectKeyIdentifier: 'subjectKeyIdentifier',
  authorityKeyIdentifier: 'authorityKeyIdentifier',
  serial: 'serial',
  subject: 'subjectDN',
  issuer: 'issuerDN',
  userExtId: 'userExtId',
  text: 'q',
};

function More({ kind, value, clientExtId }: MoreProps) {
  const filter = LISTED[kind];
  if (filter === undefined) {
    return (
      <p>
        <Trans>There may be more: the search took too long. Try again in a few seconds.</Trans>
      </p>
    );
  }
  return (
    <Link to={`${consoleOf(clientExtId)}/certificates?${new URLSearchParams({ [filter]: value }).toString()}`}>
      <Trans>All of them in the list of certificates</Trans>
    </Link>
  );
}
