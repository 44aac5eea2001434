import { useQuery } from '@tanstack/react-query';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { explainUserCertificate } from '../../api/generated/sdk.gen.js';
import type {
  EvaluatedCertificateResource,
  ExplanationResource,
  RuleOutcomeResource,
} from '../../api/generated/types.gen.js';

export type UploadVerdict = 'accepted' | 'disabled' | 'refused';

export interface DryRun {
  readonly verdict: UploadVerdict;
  /** The credential as it would be stored; absent if it would be refused. */
  readonly stored?: EvaluatedCertificateResource;
  /** Every rule that was evaluated, as far as the caller may see them. */
  readonly rules: readonly RuleOutcomeResource[];
  /** Why it would be refused, apart from the rules. */
  readonly otherErrors: readonly string[];
  readonly explanation?: ExplanationResource;
  /** The version that the change is based on is no longer current. */
  readonly isStale: boolean;
}

interface DryRunQuestion {
  readonly clientExtId: string;
  readonly userExtId: string;
  readonly policyExtId: string | undefined;
  readonly pem: string | undefined;
}

/**
 * Whether a certificate would be taken. The dry run is the request itself and decides; the explanation adds what is in the
 * certificate, and the rules that it passes when others refuse it.
 */
export function useDryRun(
  question: DryRunQuestion,
  key: readonly unknown[],
  send: (pem: string, signal: AbortSignal) => Promise<EvaluatedCertificateResource>,
) {
  const { clientExtId, userExtId, policyExtId, pem } = question;
  return useQuery({
    queryKey: ['dry-run', clientExtId, userExtId, policyExtId, pem, ...key],
    enabled: pem !== undefined,
    // An explanation or a dry run may ask sources of revocation: only a few of them a minute do.
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<DryRun> => {
      const certificate = pem ?? '';
      const [outcome, explanation] = await Promise.all([
        send(certificate, signal).catch((error: unknown) => refusalOf(error)),
        call(
          explainUserCertificate({
            path: { clientExtId, userExtId },
            body: { certificate, ...(policyExtId === undefined ? {} : { policyExtId }) },
            signal,
          }),
        ).catch(() => undefined),
      ]);
      return dryRunOf(outcome, explanation);
    },
  });
}

/** Only what the request itself is refused for; a missing right or a server that cannot be reached is an error. */
function refusalOf(error: unknown): ApiError {
  if (error instanceof ApiError && [409, 422].includes(error.status)) return error;
  throw error;
}

function dryRunOf(
  outcome: EvaluatedCertificateResource | ApiError,
  explanation: ExplanationResource | undefined,
): DryRun {
  const explained = explanation === undefined ? {} : { explanation };
  if (!(outcome instanceof ApiError)) {
    const { _policyOutcome: rules = [] } = outcome;
    return {
      verdict: outcome.stateName === 'disabled' ? 'disabled' : 'accepted',
      stored: outcome,
      rules,
      otherErrors: [],
      isStale: false,
      ...explained,
    };
  }
  const failed = outcome.details.filter(({ rule }) => rule !== undefined);
  const isStale = outcome.status === 409;
  return {
    // Then the dry run has not evaluated the certificate.
    verdict: isStale ? ((explanation?.verdict as UploadVerdict | undefined) ?? 'accepted') : 'refused',
    rules: explanation?.rules.length ? explanation.rules : failed.map(ruleOf),
    otherErrors: outcome.details.filter(({ rule }) => rule === undefined).map(({ message }) => message),
    isStale,
    ...explained,
  };
}

function ruleOf({ rule = '', parameter = '', expected = '', found = '', remedy }: ApiError['details'][number]) {
  return { rule, parameter, expected, found, passed: false, ...(remedy === undefined ? {} : { remedy }) };
}
