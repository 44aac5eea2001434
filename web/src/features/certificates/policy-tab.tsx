import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';

import type { CertificateResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextInput } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { EmptyState, Section } from '../../components/page.js';
import { ServerText } from '../../components/server-text.js';
import { type CertificateKey, policyAddress } from './addresses.js';
import { dayOf } from './filters.js';
import { RuleTable } from './rule-table.js';
import { type Question, useExplanation } from './use-certificate.js';
import { VerdictNotice } from './verdict-notice.js';

import styles from './certificates.module.css';

interface PolicyTabProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
}

/** Every rule of the policy, for a login or an upload, now or on another day; the question is in the address. */
export function PolicyTab({ path, certificate }: PolicyTabProps) {
  const [question, ask] = useQuestion();
  const { data, error, refetch } = useExplanation(path, certificate, question);
  const { policyExtId } = certificate;
  return (
    <>
      <QuestionForm question={question} onAsk={ask} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <VerdictNotice explanation={data} />
          <Section
            title={<Trans>Rules</Trans>}
            actions={
              <Link to={policyAddress(path.clientExtId, policyExtId)}>
                <Trans>
                  Policy <CertificateText text={policyExtId} plain />
                </Trans>
              </Link>
            }
          >
            {data.rules.length === 0 ? (
              <EmptyState title={<Trans>This policy has no rules for certificates</Trans>}>
                <Trans>It accepts every certificate. Open the policy to require something.</Trans>
              </EmptyState>
            ) : (
              <RuleTable rules={data.rules} />
            )}
          </Section>
          {data.notes.length > 0 && (
            <ul className={styles['notes']}>
              {data.notes.map((note) => (
                <li key={note}>
                  <ServerText text={note} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </>
  );
}

function useQuestion(): readonly [Question, (name: 'as' | 'at', value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const purpose = search.get('as') === 'upload' ? 'upload' : 'login';
  const set = (name: 'as' | 'at', value: string) => {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  };
  return [{ purpose, at: search.get('at') ?? undefined }, set];
}

interface QuestionFormProps {
  readonly question: Question;
  readonly onAsk: (name: 'as' | 'at', value: string) => void;
}

function QuestionForm({ question: { purpose, at }, onAsk }: QuestionFormProps) {
  const { t } = useLingui();
  return (
    <div className={styles['question']}>
      <Select
        label={t`What would happen to`}
        value={purpose}
        onChange={(event) => onAsk('as', event.target.value === 'upload' ? 'upload' : '')}
      >
        <option value="login">{t`a login with it`}</option>
        <option value="upload">{t`an upload of it`}</option>
      </Select>
      <TextInput
        label={t`On`}
        help={t`Empty: now`}
        type="date"
        value={dayOf(at)}
        onChange={(event) => onAsk('at', noonOf(event.target.value))}
      />
    </div>
  );
}

/** Noon of a local day, as a request has it. */
function noonOf(day: string): string {
  const date = new Date(`${day}T12:00:00`);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 19)}Z`;
}
