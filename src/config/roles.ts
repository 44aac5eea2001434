import { PERMISSIONS, permissionFromWire, type Permission } from '../common/permission.js';

const VIEWS: readonly Permission[] = [
  'ClientView',
  'UserView',
  'PolicyConfigurationView',
  'PolicyView',
  'CredentialView',
];

const CREDENTIAL_RIGHTS: readonly Permission[] = [
  'CredentialCreate',
  'CredentialModify',
  'CredentialChangeState',
  'CredentialDelete',
];

const USER_ADMIN: readonly Permission[] = [
  ...VIEWS,
  'UserCreate',
  'UserModify',
  'UserDelete',
  'UserArchive',
  ...CREDENTIAL_RIGHTS,
];

/** Contract 4.2, with the role names of nevisIDM. Replaceable by `ROLES_FILE`. */
export const BUILT_IN_ROLES: Readonly<Record<string, readonly Permission[]>> = {
  'nevisIdm.Root': PERMISSIONS,
  'nevisIdm.ClientRoot': PERMISSIONS.filter((right) => right !== 'ClientCreate' && right !== 'ClientDelete'),
  'nevisIdm.UserAdmin': USER_ADMIN,
  'nevisIdm.Helpdesk': [...VIEWS, 'CredentialModify', 'CredentialChangeState'],
  'nevisIdm.SoapTechAccess': [...USER_ADMIN, 'UserCreateTechUser', 'UserModifyTechUser', 'UserArchiveTechUser'],
  'nevisIdm.HistoryView': [...VIEWS, 'HistoryView'],
  'nevisIdm.Gateway': ['CertificateLogin'],
  'nevisIdm.MtlsAdmin': ['MtlsCertificateView', 'MtlsCertificateModify'],
  'nevisIdm.SelfAdmin': ['SelfAdmin'],
};

/** Parses `{"role": ["AccessControl.…", …], …}`; returns the error as text if it is invalid. */
export function parseRoles(json: string): ReadonlyMap<string, readonly Permission[]> | string {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return 'it is not JSON';
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return 'it is not a JSON object';
  const roles = new Map<string, readonly Permission[]>();
  for (const [role, names] of Object.entries(document)) {
    if (!Array.isArray(names)) return `the role ${role} is not a list`;
    const permissions: Permission[] = [];
    for (const name of names as unknown[]) {
      const permission = typeof name === 'string' ? permissionFromWire(name) : undefined;
      if (permission === undefined) return `the role ${role} names an unknown permission: ${String(name)}`;
      permissions.push(permission);
    }
    roles.set(role, permissions);
  }
  return roles;
}
