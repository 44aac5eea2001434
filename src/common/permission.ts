/** Prefix of every permission in a token and in T3 (contract 1). */
const PERMISSION_PREFIX = 'AccessControl.';

export const PERMISSIONS = [
  'ClientView',
  'ClientCreate',
  'ClientModify',
  'ClientDelete',
  'UserView',
  'UserCreate',
  'UserCreateTechUser',
  'LoginIdOverride',
  'UserModify',
  'UserModifyTechUser',
  'UserDelete',
  'UserArchive',
  'UserArchiveTechUser',
  'PolicyConfigurationView',
  'PolicyView',
  'PolicyCreate',
  'PolicyModify',
  'PolicyDelete',
  'CredentialView',
  'CredentialCreate',
  'CredentialModify',
  'CredentialChangeState',
  'CredentialDelete',
  'CertificateLogin',
  'PropertyValueModify',
  'HistoryView',
  'MtlsCertificateView',
  'MtlsCertificateModify',
  'SelfAdmin',
] as const;

/** An elementary right, without the prefix that it has on the wire. */
export type Permission = (typeof PERMISSIONS)[number];

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

const LOWER_CASE: ReadonlySet<string> = new Set(
  PERMISSIONS.flatMap((name) => [name, PERMISSION_PREFIX + name].map((text) => text.toLowerCase())),
);

/** Parses `AccessControl.X`; undefined for anything else, including unknown permissions. */
export function permissionFromWire(text: string): Permission | undefined {
  if (!text.startsWith(PERMISSION_PREFIX)) return undefined;
  const name = text.slice(PERMISSION_PREFIX.length);
  return KNOWN.has(name) ? (name as Permission) : undefined;
}

/** Whether a text that is not a permission differs from one only in its prefix or case. */
export function isMisspeltPermission(text: string): boolean {
  return LOWER_CASE.has(text.toLowerCase());
}

export function permissionToWire(permission: Permission): string {
  return PERMISSION_PREFIX + permission;
}
