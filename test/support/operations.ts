import openapi from '../../docs/openapi.json' with { type: 'json' };

interface DocumentedOperation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-permissions'?: readonly string[];
}

/** A route as docs/openapi.json describes it. */
export interface Operation {
  /** `GET /path/{clientExtId}` */
  readonly title: string;
  readonly method: string;
  readonly path: string;
  /** With the prefix `AccessControl.`; empty where any authenticated caller is allowed. */
  readonly permissions: readonly string[];
  readonly ofOneClient: boolean;
  /** In JSON. */
  readonly takesBody: boolean;
  /** The names of the query parameters. */
  readonly query: readonly string[];
}

/** Every route of the document. Deletions come last, so that the other requests find the records. */
export const EVERY_OPERATION: readonly Operation[] = Object.entries(openapi.paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, DocumentedOperation>>).map(([method, operation]) => ({
      title: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      permissions: operation['x-permissions'] ?? [],
      ofOneClient: path.includes('{clientExtId}') || path.includes('{accountId}'),
      takesBody: operation.requestBody?.content?.['application/json'] !== undefined,
      query: (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
    })),
  )
  .toSorted((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));

/** The routes below `/nevisidm`. */
export const OPERATIONS = EVERY_OPERATION.filter(({ path }) => path.startsWith('/nevisidm/'));

/** The path with these ids. An account is a client, and its certificates are key stores. */
export function pathOf({ path }: Operation, client: string, user: string, extId: string, keyStore = extId): string {
  const ids: Readonly<Record<string, string>> = {
    clientExtId: client,
    accountId: client,
    userExtId: user,
    extId,
    name: extId,
    certificateId: keyStore,
    id: '00000000-0000-4000-8000-000000000000',
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
}
