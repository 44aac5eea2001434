import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';

import { CertificateText } from '../../components/certificate-text.js';
import { StateBadge } from '../../components/state-badge.js';
import { nameOf } from '../certificates/names.js';
import { READINGS } from './reading-texts.js';
import type { ResultGroup, ResultOption } from './result-options.js';
import { UserText } from './user-text.js';

import styles from './search.module.css';

interface ResultListProps {
  readonly listId: string;
  readonly groups: readonly ResultGroup[];
  readonly active: ResultOption | undefined;
  readonly onChoose: (option: ResultOption) => void;
}

/** The options of the search, by what the text was taken for. */
export function ResultList({ listId, groups, active, onChoose }: ResultListProps) {
  const { t, i18n } = useLingui();
  const options = groups.flatMap((group) => group.options);
  return (
    <div id={listId} role="listbox" aria-label={t`Results`} className={styles['results']}>
      {groups.map(({ kind, value, options: ofGroup }) => {
        const heading = `${listId}-${kind}`;
        return (
          <div key={kind} role="group" aria-labelledby={kind === 'all' ? undefined : heading}>
            {kind !== 'all' && (
              <div id={heading} role="presentation" className={styles['group']}>
                {kind === 'users' ? t`Users` : i18n._(READINGS[kind])}{' '}
                <CertificateText text={shortened(value)} code plain />
              </div>
            )}
            {ofGroup.map((option) => (
              <Option
                key={option.id}
                id={optionId(listId, options.indexOf(option))}
                option={option}
                isActive={option === active}
                onChoose={onChoose}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

const MAX_VALUE = 60;

function shortened(value: string): string {
  return value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;
}

interface OptionProps {
  readonly id: string;
  readonly option: ResultOption;
  readonly isActive: boolean;
  readonly onChoose: (option: ResultOption) => void;
}

function Option({ id, option, isActive, onChoose }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // The focus stays in the field, which handles the keys.
    <div
      ref={element}
      id={id}
      role="option"
      aria-selected={isActive}
      className={styles['option']}
      onClick={() => onChoose(option)}
    >
      <OptionText option={option} />
    </div>
  );
}

function OptionText({ option }: { readonly option: ResultOption }) {
  const { i18n } = useLingui();
  switch (option.kind) {
    case 'certificate': {
      const { certificate } = option;
      return (
        <>
          <span className={styles['main']}>
            <CertificateText text={nameOf(certificate)} plain />
          </span>
          <span className={styles['quiet']}>
            <Trans>
              User <CertificateText text={certificate.userExtId} plain />, ID{' '}
              <CertificateText text={certificate.extId} plain />
            </Trans>
          </span>
          <StateBadge state={certificate.stateName} />
        </>
      );
    }
    case 'user':
      return option.user === undefined ? (
        <span className={styles['main']}>
          <Trans>
            User <CertificateText text={option.userExtId} plain />
          </Trans>
        </span>
      ) : (
        <UserText user={option.user} />
      );
    case 'refusedLogin': {
      const at = i18n.date(new Date(option.at), { dateStyle: 'medium', timeStyle: 'medium' });
      return (
        <span className={styles['main']}>
          <Trans>Login refused {at}: see why</Trans>
        </span>
      );
    }
    case 'list':
      return (
        <span className={styles['main']}>
          <Trans>
            All certificates with <CertificateText text={shortened(option.text)} plain />
          </Trans>
        </span>
      );
    case 'userList':
      return (
        <span className={styles['main']}>
          <Trans>
            All users with <CertificateText text={shortened(option.text)} plain />
          </Trans>
        </span>
      );
    case 'all':
      return (
        <span className={styles['main']}>
          <Trans>Show everything that was found</Trans>
        </span>
      );
  }
}
