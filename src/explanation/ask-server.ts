import { formatInstant } from '../common/instant.js';
import { printable } from '../common/printable.js';
import type { Secret } from '../common/secret.js';
import { StartError } from '../common/start-error.js';
import type { OutgoingClient } from '../outgoing/outgoing-client.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { toPem } from '../x509/certificate/pem.js';
import { explanationFrom, messagesOf } from './explain-answer.js';
import type { Explanation } from './explanation.js';

interface Server {
  readonly url: URL;
  readonly token: Secret<string>;
}

interface Question {
  readonly leaf: DerCertificate;
  readonly chain: readonly DerCertificate[];
  readonly clientExtId: string;
  readonly policyExtId: string | undefined;
  readonly userExtId: string | undefined;
  readonly at: Date | undefined;
  readonly purpose: string | undefined;
}

const MAX_ANSWER = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * E1.
 *
 * @throws StartError if there is no explanation, with what the server said
 */
export async function askServer(
  client: OutgoingClient,
  { url, token }: Server,
  question: Question,
): Promise<Explanation> {
  const { leaf, chain, clientExtId, at, ...rest } = question;
  const target = new URL(url);
  target.pathname = `${url.pathname.replace(/\/$/, '')}/nevisidm/api/core/v1/${encodeURIComponent(clientExtId)}/certificates/explain`;
  const body = {
    certificate: toPem(leaf.der),
    ...(chain.length === 0 ? {} : { chain: chain.map(({ der }) => toPem(der)).join('') }),
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...rest,
  };
  const { status, body: answer } = await client
    .send({
      method: 'POST',
      url: target,
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      maximumBytes: MAX_ANSWER,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      destination: 'configured',
    })
    .catch((error: unknown) => {
      throw new StartError(`${url.origin} did not answer: ${printable((error as Error).message)}.`, { cause: error });
    });
  const json = parsed(answer);
  const explanation = status === 200 ? explanationFrom(json, leaf) : undefined;
  if (explanation !== undefined) return explanation;
  const said = messagesOf(json)
    .map((message) => printable(message))
    .join(' ');
  throw new StartError(`${url.origin} did not explain it (status ${status}). ${said}`.trim());
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
