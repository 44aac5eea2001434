import { expect } from 'vitest';

import { toPem } from '../../src/x509/certificate/pem.js';
import type { Answer, Sending } from './http.js';
import { PolicyFixture } from './policy-fixture.js';
import { authority, endEntity, extensions, type Issued } from './signed-certificate.js';
import { crlDer, distributionPoints, revoked, type SignedCrl, uri } from './signed-crl.js';
import { answerAbout, type OcspAnswer, ocspDer, ocspStatus } from './signed-ocsp.js';
import { SourceServer } from './source-server.js';

/** Where a certificate says that its status can be asked for. */
export interface Sources {
  /** Paths of the source. */
  readonly ocsp?: string;
  readonly crl?: string;
}

/** An application that may ask a source on loopback, with a new client for each test. Its anchor has issued the leaves. */
export class RevocationRequests {
  readonly anchor = authority('Issuing');
  private leaves = 0;

  private constructor(
    readonly policies: PolicyFixture,
    readonly source: SourceServer,
  ) {}

  static async start(): Promise<RevocationRequests> {
    const source = await SourceServer.start();
    const outgoingAllow = [{ network: '127.0.0.1', ports: [source.port] }];
    return new RevocationRequests(await PolicyFixture.start({ outgoingAllow }), source);
  }

  async close(): Promise<void> {
    await this.policies.app.close();
    await this.source.close();
  }

  /** A client with the user `u-1`, the set `set-1` and the policy `p-1`, which names it. */
  async nextClient(parameters: object = { revocationCheck: 'hard' }): Promise<void> {
    // Explanations and dry runs of a caller are limited by the minute.
    this.policies.app.clock.advance(60_000);
    await this.policies.nextClient();
    await this.policies.builders.user(this.policies.client, 'u-1');
    const body = { extId: 'set-1', name: 'Corporate', anchors: toPem(this.anchor.der) };
    expect((await this.policies.request('POST', this.path('/trust-anchor-sets'), { body })).status).toBe(201);
    expect((await this.createPolicy('p-1', parameters)).status).toBe(201);
    this.source.asked.length = 0;
  }

  async createPolicy(extId: string, parameters: object): Promise<Answer> {
    const members = { policyType: 'CertificatePolicy', extId, name: extId };
    return await this.policies.create({ ...members, parameters: { trustAnchors: 'set-1', ...parameters } });
  }

  path(suffix: string): string {
    return `/${this.policies.client}${suffix}`;
  }

  certificates(suffix = ''): string {
    return this.path(`/users/u-1/certificates${suffix}`);
  }

  leaf({ ocsp, crl }: Sources = {}, issuer = this.anchor): Issued {
    this.leaves += 1;
    return endEntity(issuer, {
      subject: `Leaf ${this.leaves}`,
      and: [
        ...(ocsp === undefined ? [] : [extensions.access([1, this.source.url(ocsp)])]),
        ...(crl === undefined ? [] : [distributionPoints({ name: uri(this.source.url(crl)) })]),
      ],
    });
  }

  /** A leaf about which the responder gives this answer. */
  answered(answer: OcspAnswer = {}): Issued {
    const path = `ocsp-${this.leaves + 1}`;
    const leaf = this.leaf({ ocsp: path });
    this.source.set(path, this.ocsp(leaf, answer));
    return leaf;
  }

  ocsp(leaf: Issued, answer: OcspAnswer = {}): Buffer {
    return ocspDer(this.anchor, { answers: [answerAbout(leaf, this.anchor, answer)] });
  }

  async post(leaf: Issued, suffix = '', members: object = {}, sending: Sending = {}): Promise<Answer> {
    const body = { certificate: toPem(leaf.der), policyExtId: 'p-1', ...members };
    return await this.policies.request('POST', this.certificates(suffix), { body, ...sending });
  }

  async change(body: object, suffix = '/cert', sending: Sending = {}): Promise<Answer> {
    return await this.policies.request('PATCH', this.certificates(suffix), { body, ...sending });
  }

  async explain(leaf: Issued, members: object = {}): Promise<Answer> {
    const body = { certificate: toPem(leaf.der), policyExtId: 'p-1', ...members };
    return await this.policies.request('POST', this.path('/certificates/explain'), { body });
  }

  /** G6. */
  async putCrl(request: SignedCrl = {}, issuer = this.anchor): Promise<void> {
    const answer = await this.policies.request('PUT', this.path('/trust-anchor-sets/set-1/crls/own'), {
      headers: { 'Content-Type': 'application/pkix-crl' },
      body: crlPem(crlDer(issuer, request)),
    });
    expect(answer.status).toBe(200);
  }

  async revokeByCrl(...leaves: readonly Issued[]): Promise<void> {
    await this.putCrl({ entries: leaves.map((leaf) => revoked(leaf)) });
  }
}

export const REVOKED: OcspAnswer = { status: ocspStatus.revoked(1) };

function crlPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n');
}

/** Of a dry run, or of the error of one. */
export function outcomeOf({ body }: Answer, rule = 'revocationCheck') {
  return (body.errors ?? body['_policyOutcome']).find((outcome: { rule?: string }) => outcome.rule === rule);
}
