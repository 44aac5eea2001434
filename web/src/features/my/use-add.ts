import { useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { createCertificate, getCertificate } from '../../api/generated/sdk.gen.js';
import { useMe } from './me.js';
import { useConfirmation } from './password-confirmation.js';
import { type MyCertificate, orNull, useReadAgain } from './queries.js';

/**
 * Registers a certificate. The page chooses the id, and keeps it: if the answer was lost, the second attempt finds what
 * the first one registered.
 */
export function useAdd(): (pem: string) => Promise<MyCertificate> {
  const { path } = useMe();
  const { confirmed } = useConfirmation();
  const readAgain = useReadAgain();
  const [extId] = useState(newExtId);
  return async (pem) => {
    const added = await confirmed(async (xToken) => {
      try {
        const body = { certificate: pem, extId };
        return await call(createCertificate({ path, body, headers: { 'X-Token': xToken } }));
      } catch (error) {
        const isTaken = error instanceof ApiError && TAKEN.some((code) => error.has(code));
        const earlier = isTaken ? await orNull(call(getCertificate({ path: { ...path, extId } }))) : null;
        if (earlier === null) throw error;
        return earlier;
      }
    });
    void readAgain();
    return added;
  };
}

const TAKEN = ['errors.certificateExists', 'errors.duplicateValue'];

/** `crypto.randomUUID` exists only on pages that came over TLS. */
function newExtId(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
