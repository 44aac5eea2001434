const NAMES = Symbol('certkeep.queryParameters');

/** Names a query parameter that the route takes. */
export function takesQueryParameter(name: string): MethodDecorator {
  return (_prototype, _method, { value }) => {
    const handler = value as object;
    Reflect.defineMetadata(NAMES, [...queryParametersOf(handler), name], handler);
  };
}

/** Those that a route takes, as in `docs/openapi.json`. */
export function queryParametersOf(handler: object): readonly string[] {
  return (Reflect.getMetadata(NAMES, handler) ?? []) as readonly string[];
}
