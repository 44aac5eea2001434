import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { isLoopbackHost } from '../common/loopback.js';
import type { AllowedNetwork } from '../config/network-lists.js';
import { type AddressRule, PUBLIC_ONLY, SourceRules } from './address-rule.js';
import { exchange } from './exchange.js';
import { guardedConnection } from './guarded-connection.js';
import { addressesOf } from './host-addresses.js';
import { type OutgoingAnswer, OutgoingFailure, type OutgoingRequest, type SourceRequest } from './outgoing-request.js';
import { SourceTurns } from './source-turns.js';

/** Limits of every response from a revocation source (contract 13.3), however much more the caller would accept. */
const SOURCE_LIMITS = { bytes: 10 * 1024 * 1024, milliseconds: 3_000 };

/**
 * How long a connection to a configured destination may be idle: shorter than servers, proxies and firewalls allow. A
 * request on a connection that they are closing fails, and is not sent again.
 */
const IDLE_MS = 4_000;

/**
 * The only HTTP client for outgoing requests. TLS with certificate verification except to this machine and to revocation
 * sources, no redirects (except from a revocation source, a 3xx is returned like any other response), no content
 * codings, limited in size and time.
 */
export class OutgoingClient {
  private readonly agents: Readonly<Record<'http:' | 'https:', HttpAgent>>;
  private readonly sourceRules: SourceRules;
  private readonly sourceTurns = new SourceTurns();

  /**
   * @param allowed - networks for revocation sources, besides public addresses
   * @param nameServers - instead of the system's; not for configured destinations
   */
  constructor(
    allowed: readonly AllowedNetwork[] = [],
    private readonly nameServers?: readonly string[],
    idleMilliseconds = IDLE_MS,
  ) {
    const kept = { keepAlive: true, timeout: idleMilliseconds };
    this.agents = { 'http:': new HttpAgent(kept), 'https:': new HttpsAgent({ ...kept, rejectUnauthorized: true }) };
    this.sourceRules = new SourceRules(allowed);
  }

  /** Throws an `OutgoingFailure`, or an `Error` if the request is not allowed where certificates have no say. */
  async send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    if (request.destination === 'revocationSource') return await this.askSource(request);
    checkUrl(request.url);
    if (request.destination === 'public') return await this.guardedExchange(request, PUBLIC_ONLY);
    // Configured destinations share keep-alive connections.
    return await exchange(request, { agent: this.agents[request.url.protocol as 'http:' | 'https:'] });
  }

  /** Closes the idle connections. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async askSource(request: SourceRequest): Promise<OutgoingAnswer> {
    const { url, clientExtId } = request;
    const problem = this.sourceRules.problemOf(url);
    if (problem !== undefined) throw new OutgoingFailure('refused', problem);
    const answer = await this.sourceTurns.run({ clientExtId, host: url.hostname }, request.signal, async () => {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(SOURCE_LIMITS.milliseconds)]);
      const maximumBytes = Math.min(request.maximumBytes, SOURCE_LIMITS.bytes);
      return await this.guardedExchange({ ...request, maximumBytes, signal }, this.sourceRules.rulesFor(url));
    });
    if (answer.status >= 300 && answer.status < 400) {
      throw new OutgoingFailure('refused', 'the response is a redirect');
    }
    return answer;
  }

  private async guardedExchange(request: OutgoingRequest, rule: AddressRule): Promise<OutgoingAnswer> {
    const { url, signal } = request;
    const lookup = async (host: string) => await addressesOf(host, rule, signal, this.nameServers);
    return await exchange(request, guardedConnection(url, rule, lookup), rule);
  }
}

function checkUrl({ protocol, hostname, username, password }: URL): void {
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new Error('Requests to other machines must use https.');
  }
  if (username !== '' || password !== '') throw new Error('A URL must not contain credentials.');
}
