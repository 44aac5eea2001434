import openapi from '../../docs/openapi.json' with { type: 'json' };

type Examples = Readonly<Record<string, object>>;
type Response = { readonly content?: { readonly 'application/json'?: { readonly examples?: Examples } } };
type Operations = Readonly<Record<string, { readonly responses: Readonly<Record<string, Response>> }>>;

/** Paths with the fewest parameters come first: `/clients/{clientExtId}` is not `/{clientExtId}/users`. */
const PATHS = Object.entries(openapi.paths as unknown as Readonly<Record<string, Operations>>)
  .toSorted(([one], [other]) => one.split('{').length - other.split('{').length)
  .map(([path, operations]) => ({ expression: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`), operations }));

/** Throws where the document has no example of this error for the operation (contract 7.1). */
export function requireDocumentedError(method: string, target: string, status: number, code: string): void {
  const [path = ''] = target.split('?');
  const operation = PATHS.find(({ expression }) => expression.test(path))?.operations[method.toLowerCase()];
  if (operation === undefined) return;
  const examples = operation.responses[String(status)]?.content?.['application/json']?.examples ?? {};
  if (!(code in examples))
    throw new Error(`docs/openapi.json has no example of ${status} ${code} for ${method} ${path}.`);
}
