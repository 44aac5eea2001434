import { permissionToWire, type Permission, PERMISSIONS } from '../../src/common/permission.js';
import { code, type Regions, table } from './markdown.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** As on the wire; undefined: a token is enough, or nothing is needed. */
  readonly rights: readonly string[] | undefined;
  readonly selfAdmin: string | undefined;
  readonly dataRoom: string | undefined;
  readonly needsToken: boolean;
}

interface Operation {
  readonly security?: readonly object[];
  readonly 'x-permissions'?: readonly string[];
  readonly 'x-self-admin'?: string;
  readonly 'x-data-room'?: string;
}

/** What the access decorators say of each route, out of the OpenAPI document. */
export function routesOf(paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      rights: operation['x-permissions'],
      selfAdmin: operation['x-self-admin'],
      dataRoom: operation['x-data-room'],
      needsToken: operation.security !== undefined,
    })),
  );
}

interface Text {
  readonly allows: string;
  readonly also?: string;
}

interface Sources {
  readonly roles: Readonly<Record<string, readonly Permission[]>>;
  readonly texts: Readonly<Record<string, Text>>;
  readonly routes: readonly Route[];
}

export function rolesAndRights({ roles, texts, routes }: Sources): Regions {
  const roleRows = Object.entries(roles).map(([role, rights]) => [code(role), rightsOf(rights)]);
  const routeRows = routes.map((route) => [
    nameOf(route),
    (route.rights ?? [route.needsToken ? 'a valid token' : 'nothing']).map(shortName).join(', '),
    ownRecordOf(route),
    dataRoomOf(route),
  ]);
  return {
    roles: table(['role', 'rights'], roleRows),
    rights: Object.entries(texts)
      .map(([right, text]) => section(right, text, roles, routes))
      .join('\n\n'),
    routes: table(['route', 'rights', 'own record', 'data room'], routeRows),
  };
}

function section(right: string, { allows, also }: Text, roles: Sources['roles'], routes: readonly Route[]): string {
  const wire = permissionToWire(right as Permission);
  const holders = Object.keys(roles).filter((role) => roles[role]?.includes(right as Permission));
  const needing = routes.filter(({ rights }) => rights?.includes(wire));
  return [
    `### ${wire}`,
    '',
    `Its holder may ${allows}.`,
    '',
    `- **Roles**: ${holders.map(code).join(', ')}`,
    ...(needing.length === 0 ? [] : [`- **Routes**:`, ...needing.map((route) => `  - ${nameOf(route)}`)]),
    ...(also === undefined ? [] : [`- **Also for**: ${also}`]),
  ].join('\n');
}

function rightsOf(rights: readonly Permission[]): string {
  const missing = PERMISSIONS.filter((right) => !rights.includes(right));
  if (missing.length === 0) return 'all';
  return missing.length <= 3 ? `all but ${missing.map(shortName).join(', ')}` : rights.map(shortName).join(', ');
}

function shortName(right: string): string {
  return right.replace('AccessControl.', '');
}

function nameOf({ method, path }: Route): string {
  return `${method} ${code(path)}`;
}

function ownRecordOf({ selfAdmin }: Route): string {
  return selfAdmin === 'allowed' ? 'yes' : selfAdmin === 'withXToken' ? 'with an X-Token' : '';
}

function dataRoomOf({ dataRoom }: Route): string {
  return dataRoom === 'clientInPath' ? 'the client in the path' : dataRoom === 'everyClient' ? 'every client' : '';
}
