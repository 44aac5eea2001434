import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { call } from '../../api/client.js';
import { lookUpCertificates } from '../../api/generated/sdk.gen.js';
import { mentionsPrivateKey } from './private-key.js';

/** F2. Nothing is asked for an empty text, and a private key is not sent. */
export function useLookup(clientExtId: string, text: string) {
  const asked = text.trim();
  const isAsked = asked !== '' && !mentionsPrivateKey(asked);
  return useQuery({
    queryKey: ['lookup', clientExtId, asked],
    queryFn: async ({ signal }) =>
      await call(lookUpCertificates({ path: { clientExtId }, body: { text: asked }, signal })),
    enabled: isAsked,
    placeholderData: isAsked ? keepPreviousData : undefined,
  });
}

/** The value, once it has not changed for a while. */
export function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
