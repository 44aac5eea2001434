import openapi from '../../docs/openapi.json' with { type: 'json' };

interface DocumentedOperation {
  readonly requestBody?: object;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-permissions'?: readonly string[];
}

/** A route as docs/openapi.json describes it. */
export interface Operation {
  /** `GET /path/{clientExtId}` */
  readonly title: string;
  readonly method: string;
  readonly path: string;
  /** With `AccessControl.` in front; empty where any known caller will do. */
  readonly permissions: readonly string[];
  readonly ofOneClient: boolean;
  readonly takesBody: boolean;
  /** Names of the parameters of its query. */
  readonly query: readonly string[];
}

/** Every route of the document below `/nevisidm`. What removes something comes last, so that the others find it there. */
export const OPERATIONS: readonly Operation[] = Object.entries(openapi.paths)
  .filter(([path]) => path.startsWith('/nevisidm/'))
  .flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, DocumentedOperation>>).map(([method, operation]) => ({
      title: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      permissions: operation['x-permissions'] ?? [],
      ofOneClient: path.includes('{clientExtId}'),
      takesBody: operation.requestBody !== undefined,
      query: (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
    })),
  )
  .toSorted((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));

/** The path with these ids in it. */
export function pathOf({ path }: Operation, client: string, user: string, extId: string): string {
  const ids: Readonly<Record<string, string>> = { clientExtId: client, userExtId: user, extId };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
}
