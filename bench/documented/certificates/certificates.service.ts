import { randomUUID } from 'node:crypto';

import { ConflictException, ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { JwtUser } from '../auth/jwt-auth.guard.js';
import { AuditEvent } from '../entities/audit-event.entity.js';
import { Credential } from '../entities/credential.entity.js';
import { readCertificate } from './read-certificate.js';
import type { UpdateCertificateDto } from './update-certificate.dto.js';

export interface CertificatePath {
  readonly clientExtId: string;
  readonly userExtId: string;
  readonly extId: string;
}

@Injectable()
export class CertificatesService {
  constructor(private readonly dataSource: DataSource) {}

  async findOne({ clientExtId, userExtId, extId }: CertificatePath): Promise<CertificateAnswer> {
    const credential = await this.dataSource
      .getRepository(Credential)
      .findOne({ where: { clientExtId, userExtId, extId, type: 'Certificate' } });
    if (credential === null) throw new NotFoundException();
    return answerOf(credential);
  }

  async update(user: JwtUser, path: CertificatePath, body: UpdateCertificateDto): Promise<CertificateAnswer> {
    const { clientExtId, userExtId, extId } = path;
    return await this.dataSource.transaction(async (manager) => {
      const credential = await manager.findOne(Credential, {
        where: { clientExtId, userExtId, extId, type: 'Certificate' },
        relations: { user: true, policy: true },
      });
      if (credential === null) throw new NotFoundException();
      if (body.version !== undefined && body.version !== credential.version) throw new ConflictException();
      if (body.certificate !== undefined) {
        if (credential.user.state !== 'active') throw new ForbiddenException();
        if (credential.policy.parameters['allowCertificateUpload'] === 'false') throw new ForbiddenException();
        Object.assign(credential, await readCertificate(body.certificate), { reason: 'cert-uploaded', successes: 0 });
      }
      if (body.stateName !== undefined) credential.state = body.stateName;
      if (body.modificationComment !== undefined) credential.comment = body.modificationComment;
      const saved = await manager.save(credential);
      await manager.save(manager.create(AuditEvent, eventsOf(user, saved, body)));
      return answerOf(saved);
    });
  }
}

function eventsOf(user: JwtUser, credential: Credential, body: UpdateCertificateDto): Partial<AuditEvent> {
  const { clientExtId, extId, userExtId, generation, version, sha256, reason, comment, state } = credential;
  return {
    clientExtId,
    id: randomUUID(),
    at: credential.lastModified,
    actor: user.userId,
    actorClient: user.clientId,
    action: 'changed',
    kind: 'certificate',
    extId,
    userExtId,
    generation,
    version,
    changes: Object.fromEntries(Object.keys(body).map((member) => [member, {}])),
    after: { state, reason, comment },
    sha256,
    der: body.certificate === undefined ? null : credential.der,
    reason,
    comment,
    requestId: randomUUID(),
  };
}

export type CertificateAnswer = ReturnType<typeof answerOf>;

function answerOf(credential: Credential) {
  const { created, lastModified, version, extId, userExtId, policyExtId, state, reason, comment } = credential;
  return {
    created,
    lastModified,
    version,
    extId,
    userExtId,
    policyExtId,
    stateName: state,
    stateChangeReason: reason,
    successfulLoginCount: credential.successes,
    failedLoginCount: credential.failures,
    modificationComment: comment,
    type: credential.type,
    validity: { from: credential.validFrom, to: credential.validTo },
    subjectDN: credential.subjectDn,
    issuerDN: credential.issuerDn,
    fingerprint: credential.sha256.toString('hex'),
    serial: credential.serial,
    subjectKeyIdentifier: credential.ski?.toString('hex'),
    certificate: credential.der.toString('base64'),
  };
}
