import { Plural, Trans, useLingui } from '@lingui/react/macro';

import { ApiError, type ErrorDetail } from '../api/api-error.js';
import { IncompleteAnswer } from '../api/incomplete-answer.js';
import { Button } from './button.js';
import { CertificateText } from './certificate-text.js';
import { CopyButton } from './copy-button.js';
import { Instant } from './instant.js';
import { ServerText } from './server-text.js';

import styles from './error-notice.module.css';

interface ErrorNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, what helps, and the id by which an operator finds it in the log. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const { t } = useLingui();
  const { status, details, requestId, retryAfter = 0 } = error instanceof ApiError ? error : NO_ANSWER;
  const code = details[0]?.code;
  const copied = [code, ...details.map(({ message }) => message), requestId].filter(Boolean).join('\n');
  return (
    <div className={styles['notice']} role="alert">
      {details.length === 0 ? (
        <p>
          {error instanceof IncompleteAnswer ? (
            <Trans>
              The answer broke off before its end, because the connection was lost or the server ended. It is not
              complete. Nothing was changed: try again.
            </Trans>
          ) : status === 0 ? (
            <Trans>The server cannot be reached. Check the connection, then try again.</Trans>
          ) : (
            <Trans>The server answered with an error ({status}).</Trans>
          )}
        </p>
      ) : (
        <ul>
          {details.map((detail, index) => (
            <Detail key={index} detail={detail} />
          ))}
        </ul>
      )}
      {error instanceof ApiError && error.isOfToken && (
        <p>
          <Trans>
            You are no longer signed in, so nothing was changed. Copy what you need of what you entered here. The notice
            at the top of the page says how to sign in again.
          </Trans>
        </p>
      )}
      {retryAfter > 0 && (
        <p>
          <Plural
            value={retryAfter}
            one="The server asks to wait # second before the next attempt."
            other="The server asks to wait # seconds before the next attempt."
          />
        </p>
      )}
      <div className={styles['foot']}>
        {requestId !== undefined && (
          <>
            <span>
              <Trans>Request {requestId}</Trans>
            </span>
            <CopyButton text={copied} what={t`the error`} />
          </>
        )}
        {onRetry !== undefined && status !== NOT_FOUND && (
          <Button variant="quiet" onClick={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

/** Another attempt does not find it either. */
const NOT_FOUND = 404;

const NO_ANSWER = { status: 0, details: [], requestId: undefined, retryAfter: undefined } satisfies Partial<ApiError>;

function Detail({ detail }: { readonly detail: ErrorDetail }) {
  const { code, message, remedy, changedBy, changedAt } = detail;
  return (
    <li>
      <p>
        {code === 'errors.tooManySearchResults' ? (
          <Trans>
            There are too many records to search them all. Add a filter, such as a user, an issuer or a date.
          </Trans>
        ) : (
          <ServerText text={message} />
        )}
      </p>
      {changedBy !== undefined && changedAt !== undefined && (
        <p>
          <Trans>
            Changed by <CertificateText text={changedBy} />, <Instant value={changedAt} />
          </Trans>
        </p>
      )}
      {remedy !== undefined && (
        <p className={styles['remedy']}>
          <ServerText text={remedy} />
        </p>
      )}
    </li>
  );
}
