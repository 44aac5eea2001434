import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { updateUser } from '../../api/generated/sdk.gen.js';
import type { UserResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextInput } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { BackLink } from './back-link.js';
import { ChangeProblem } from './change-problem.js';
import { type Details, changeOf, detailsOf } from './details.js';
import { Done } from './done.js';
import { useMe } from './me.js';
import { useConfirmation } from './password-confirmation.js';
import { useMyDetails, useReadAgain } from './queries.js';
import { useSubmit } from './use-submit.js';

import styles from './my.module.css';

export function DetailsPage() {
  const { t } = useLingui();
  const { data, error, refetch } = useMyDetails();
  const [isDone, setDone] = useState(false);
  return (
    <div className={styles['page']}>
      <PageHeader title={t`Change my details`} above={<BackLink />} />
      {isDone ? (
        <Done title={<Trans>Your details are saved</Trans>} />
      ) : data !== undefined ? (
        <DetailsForm user={data} onDone={() => setDone(true)} />
      ) : error === null ? (
        <Loading />
      ) : (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </div>
  );
}

/** A conflict keeps what the user has entered, and shows the current values of everything else. */
function DetailsForm({ user, onDone }: { readonly user: UserResource; readonly onDone: () => void }) {
  const { t } = useLingui();
  const { path } = useMe();
  const { confirmed } = useConfirmation();
  const readAgain = useReadAgain();
  const { register, handleSubmit, reset, formState } = useForm<Details>({ defaultValues: detailsOf(user) });
  const { errors } = formState;
  useEffect(() => reset(detailsOf(user), { keepDirtyValues: true }), [user, reset]);
  const { submit, isPending, error } = useSubmit(async (details: Details) => {
    const change = changeOf(detailsOf(user), details);
    if (change !== undefined) {
      const body = { ...change, version: user.version };
      const send = async (headers?: { readonly 'X-Token': string }) =>
        await call(
          updateUser({
            path,
            body,
            ...(headers && { headers }),
          }),
        );
      try {
        if (change.contacts?.email === undefined) await send();
        else await confirmed(async (xToken) => await send({ 'X-Token': xToken }));
      } catch (refusal) {
        if (refusal instanceof ApiError && refusal.status === 409) await readAgain();
        throw refusal;
      }
    }
    onDone();
    void readAgain();
  });
  const max = { value: 250, message: t`This is too long.` };
  const text = (name: keyof Details) => ({ ...register(name, { maxLength: max }), error: errors[name]?.message });
  return (
    <form
      className={styles['stack']}
      noValidate
      onSubmit={(event) => void handleSubmit((details) => submit(details))(event)}
    >
      <TextInput label={t`First name`} autoComplete="given-name" {...text('firstName')} />
      <TextInput label={t`Family name`} autoComplete="family-name" {...text('familyName')} />
      <TextInput
        label={t`E-mail`}
        help={t`To change it, you need your password.`}
        type="email"
        autoComplete="email"
        {...text('email')}
      />
      <TextInput label={t`Telephone`} type="tel" autoComplete="tel" {...text('telephone')} />
      <TextInput label={t`Mobile`} type="tel" autoComplete="tel" {...text('mobile')} />
      <Select label={t`Language of messages to you`} {...register('languageCode')}>
        <option value="">{t`No choice`}</option>
        <option value="EN">English</option>
        <option value="DE">Deutsch</option>
        <option value="FR">Français</option>
        <option value="IT">Italiano</option>
      </Select>
      <div className={styles['actions']}>
        <Button type="submit" variant="primary" pending={isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
      <ChangeProblem error={error} />
    </form>
  );
}
