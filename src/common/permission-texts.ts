import type { Permission } from './permission.js';

interface PermissionText {
  /** What its holder may do, as the end of "may …". */
  readonly allows: string;
  /** Where the body or the record decides that it is needed, beside the rights that the routes declare. */
  readonly also?: string;
}

/** For docs/reference/roles-and-rights.md, in Markdown. A right without its text does not compile. */
export const PERMISSION_TEXTS = {
  ClientView: { allows: 'read clients' },
  ClientCreate: { allows: 'create clients' },
  ClientModify: { allows: 'change clients' },
  ClientDelete: { allows: 'delete a client with everything in it' },
  UserView: {
    allows: 'read users',
    also: 'PATCH of a user with `userState` `archived`',
  },
  UserCreate: { allows: 'create users' },
  UserCreateTechUser: {
    allows: 'create technical users',
    also: 'POST of a user with `isTechnicalUser`',
  },
  LoginIdOverride: {
    allows: 'choose a login id',
    also: 'POST of a user with `loginId`; PATCH of a user that changes it',
  },
  UserModify: { allows: 'change users' },
  UserModifyTechUser: {
    allows: 'change technical users',
    also: 'PATCH of a technical user',
  },
  UserDelete: { allows: 'delete a user with their credentials' },
  UserArchive: {
    allows: 'archive users',
    also: 'PATCH of a user with `userState` `archived`',
  },
  UserArchiveTechUser: {
    allows: 'archive technical users',
    also: 'archiving a technical user, by POST or PATCH',
  },
  PolicyConfigurationView: { allows: 'list policies and trust-anchor sets' },
  PolicyView: { allows: 'read policies and trust-anchor sets' },
  PolicyCreate: { allows: 'create policies and trust-anchor sets' },
  PolicyModify: { allows: 'change policies and trust-anchor sets' },
  PolicyDelete: { allows: 'delete policies and trust-anchor sets' },
  CredentialView: { allows: 'read credentials, and the history of certificates' },
  CredentialCreate: { allows: 'create credentials' },
  CredentialModify: { allows: 'change credentials' },
  CredentialChangeState: {
    allows: 'choose the state of a new credential',
    also: 'POST of a certificate or a password with `stateName`',
  },
  CredentialDelete: { allows: 'delete credentials' },
  CertificateLogin: {
    allows: 'log users in with their certificates; the holder has checked that the client has the private key',
  },
  PropertyValueModify: { allows: 'change the properties of certificates' },
  HistoryView: {
    allows: 'read the audit log',
    also: 'seeing `changedBy` in a 409',
  },
  MtlsCertificateView: { allows: "read an account's key stores" },
  MtlsCertificateModify: { allows: "create, replace, delete and test an account's key stores" },
  SelfAdmin: {
    allows: "act on the caller's own user record and credentials",
    also: "the routes marked *own record* below, if the path names the caller's own client and user",
  },
} as const satisfies Record<Permission, PermissionText>;
