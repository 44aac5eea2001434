import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getCertificate, updateCertificate } from '../../api/generated/sdk.gen.js';
import type { ExplanationResource } from '../../api/generated/types.gen.js';
import { useMe } from './me.js';
import { useConfirmation } from './password-confirmation.js';
import { type MyCertificate, useReadAgain } from './queries.js';
import { type Verdict, isSameCertificate, verdictOfDryRun, verdictOfRefusal } from './verdict.js';

interface Replacement {
  readonly pem: string;
  readonly explanation: ExplanationResource;
  /** What the user has read and agreed to. */
  readonly seen: Verdict['kind'];
}

export type Replaced =
  | { readonly kind: 'replaced'; readonly certificate: MyCertificate }
  /** Something else would follow than what the user has read; nothing was changed. */
  | { readonly kind: 'otherVerdict'; readonly verdict: Verdict };

/** Replaces the certificate of a credential, if the policy of the credential says what the explanation has said. */
export function useReplace({ extId, version }: MyCertificate): (replacement: Replacement) => Promise<Replaced> {
  const { path: own } = useMe();
  const { confirmed } = useConfirmation();
  const readAgain = useReadAgain();
  const path = { ...own, extId };
  return async ({ pem, explanation, seen }) => {
    const replaced = await confirmed(async (xToken): Promise<Replaced> => {
      const request = { path, body: { certificate: pem, version }, headers: { 'X-Token': xToken } };
      try {
        const verdict = verdictOfDryRun(await call(updateCertificate({ ...request, query: { dryRun: true } })));
        if (verdict.kind !== seen) return { kind: 'otherVerdict', verdict };
        return { kind: 'replaced', certificate: await call(updateCertificate(request)) };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 409) {
          const certificate = await call(getCertificate({ path }));
          // An earlier attempt, whose answer was lost, has replaced it.
          if (isSameCertificate(explanation, certificate)) return { kind: 'replaced', certificate };
          await readAgain();
        }
        const verdict = verdictOfRefusal(error);
        if (verdict === undefined) throw error;
        return { kind: 'otherVerdict', verdict };
      }
    });
    if (replaced.kind === 'replaced') void readAgain();
    return replaced;
  };
}
