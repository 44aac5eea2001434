import { formatInstant } from '../common/instant.js';
import type { OutgoingClient } from '../outgoing/outgoing-client.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { toPem } from '../x509/certificate/pem.js';
import { explanationFrom } from './explain-answer.js';
import type { Explanation } from './explanation.js';
import { postToServer, type Server } from './post-to-server.js';

interface Question {
  readonly leaf: DerCertificate;
  readonly chain: readonly DerCertificate[];
  readonly clientExtId: string;
  readonly policyExtId: string | undefined;
  readonly userExtId: string | undefined;
  readonly at: Date | undefined;
  readonly purpose: string | undefined;
}

/**
 * E1.
 *
 * @throws StartError if there is no explanation, with what the server said
 */
export async function askServer(client: OutgoingClient, server: Server, question: Question): Promise<Explanation> {
  const { leaf, chain, clientExtId, at, ...rest } = question;
  const body = {
    certificate: toPem(leaf.der),
    ...(chain.length === 0 ? {} : { chain: chain.map(({ der }) => toPem(der)).join('') }),
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...rest,
  };
  const path = `${encodeURIComponent(clientExtId)}/certificates/explain`;
  return await postToServer(client, server, { path, body }, 'explain it', (json) => explanationFrom(json, leaf));
}
