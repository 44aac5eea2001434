import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { deleteCertificate, getCertificate, updateCertificate } from '../../api/generated/sdk.gen.js';
import { useMe } from './me.js';
import { useConfirmation } from './password-confirmation.js';
import { type MyCertificate, orNull, useReadAgain } from './queries.js';

interface CardChanges {
  readonly setState: (stateName: 'active' | 'disabled') => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** The changes that a card offers. One that an earlier attempt has made, whose answer was lost, is made. */
export function useCardChanges({ extId, version }: MyCertificate): CardChanges {
  const { path: own } = useMe();
  const { confirmed } = useConfirmation();
  const readAgain = useReadAgain();
  const path = { ...own, extId };

  const change = async (action: (headers: { readonly 'X-Token': string }) => Promise<unknown>, isMade: IsMade) => {
    await confirmed(async (xToken) => {
      try {
        await action({ 'X-Token': xToken });
      } catch (error) {
        if (!(error instanceof ApiError) || !MAY_BE_MADE.has(error.status)) throw error;
        const current = await orNull(call(getCertificate({ path })));
        if (isMade(current)) return;
        await readAgain();
        throw error;
      }
    });
    await readAgain();
  };

  return {
    setState: async (stateName) =>
      await change(
        async (headers) => await call(updateCertificate({ path, body: { stateName, version }, headers })),
        (current) => current?.stateName === stateName,
      ),
    remove: async () =>
      await change(
        async (headers) => await call(deleteCertificate({ path, headers: { ...headers, 'If-Match': `"${version}"` } })),
        (current) => current === null,
      ),
  };
}

type IsMade = (current: MyCertificate | null) => boolean;

const MAY_BE_MADE: ReadonlySet<number> = new Set([404, 409, 412]);
