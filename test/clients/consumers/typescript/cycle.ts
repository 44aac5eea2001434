// Compiled beside the generated client, at test time; see ../../generated-clients.spec.ts.
import { client } from './client/client.gen.js';
import {
  createCertificate,
  createUser,
  type CredentialState,
  type ErrorCode,
  type Gender,
  listUserCredentials,
  updateCertificate,
} from './client/index.js';

interface Given {
  readonly url: string;
  readonly token: string;
  /** Of the user that is created, with the right SelfAdmin alone. */
  readonly selfToken: string;
  readonly selfXToken: string;
  readonly extId: string;
  readonly pem: string;
}

interface Seen {
  readonly gender: Gender | undefined;
  readonly states: readonly CredentialState[];
  readonly subjects: readonly (string | undefined)[];
  readonly refusedWith: readonly ErrorCode[];
  readonly comment: string | undefined;
}

export async function cycle({ url, token, selfToken, selfXToken, extId, pem }: Given): Promise<Seen> {
  client.setConfig({ baseUrl: url, auth: ({ scheme }) => (scheme === 'bearer' ? token : undefined) });
  const throwOnError = true;
  const inClient = { clientExtId: '100' };
  const ofUser = { ...inClient, userExtId: extId };
  const user = await createUser({
    throwOnError,
    path: inClient,
    body: { extId, loginId: extId, gender: 'female', name: { firstName: 'Jane', familyName: null } },
  });
  const created = await createCertificate({ throwOnError, path: ofUser, body: { certificate: pem } });
  const ofCertificate = { ...ofUser, extId: created.data.extId };
  const disabled = await updateCertificate({
    throwOnError,
    path: ofCertificate,
    body: { stateName: 'disabled', version: created.data.version },
  });
  const stale = await updateCertificate({
    path: ofCertificate,
    body: { stateName: 'active', version: created.data.version },
  });
  const bySelf = await updateCertificate({
    throwOnError,
    auth: ({ scheme }) => (scheme === 'bearer' ? selfToken : selfXToken),
    path: ofCertificate,
    body: { modificationComment: 'by the user' },
  });
  const { data: page } = await listUserCredentials({ throwOnError, path: ofUser });
  return {
    gender: user.data.gender,
    states: [created.data.stateName, disabled.data.stateName],
    // Of the two types only a certificate has this member: without the discriminator this does not compile.
    subjects: page.items.map((item) => (item.type === 'Certificate' ? item.subjectDN : undefined)),
    refusedWith: stale.error?.errors.map(({ code }) => code) ?? [],
    comment: bySelf.data.modificationComment,
  };
}
