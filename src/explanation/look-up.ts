import type { OutgoingClient } from '../outgoing/outgoing-client.js';
import { listOf, memberOf, textOf } from './json-answer.js';
import { postToServer, type Server } from './post-to-server.js';

/** A certificate that a server has found, as far as its answer says. */
export interface FoundCertificate {
  readonly extId: string;
  readonly userExtId: string;
  readonly subject: string | undefined;
  readonly stateName: string | undefined;
  readonly validTo: string | undefined;
}

/** One thing that the text may be, and what was found by it. */
export interface FoundReading {
  readonly kind: string;
  readonly value: string;
  readonly certificates: readonly FoundCertificate[];
  readonly more: boolean;
}

/**
 * F2.
 *
 * @throws StartError if there is no answer, with what the server said
 */
export async function lookUp(
  client: OutgoingClient,
  server: Server,
  clientExtId: string,
  text: string,
): Promise<readonly FoundReading[]> {
  const path = `${encodeURIComponent(clientExtId)}/certificates/lookup`;
  return await postToServer(client, server, { path, body: { text } }, 'look it up', readingsFrom);
}

function readingsFrom(answer: unknown): readonly FoundReading[] | undefined {
  if (!Array.isArray(memberOf(answer, 'readings'))) return undefined;
  return listOf(answer, 'readings').map((reading) => ({
    kind: textOf(reading, 'kind') ?? '',
    value: textOf(reading, 'value') ?? '',
    certificates: listOf(reading, 'certificates').map(foundCertificate),
    more: memberOf(reading, 'more') === true,
  }));
}

function foundCertificate(certificate: unknown): FoundCertificate {
  return {
    extId: textOf(certificate, 'extId') ?? '',
    userExtId: textOf(certificate, 'userExtId') ?? '',
    subject: textOf(certificate, 'subjectDN'),
    stateName: textOf(certificate, 'stateName'),
    validTo: textOf(memberOf(certificate, 'validity'), 'to'),
  };
}
