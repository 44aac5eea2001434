import type { Request } from 'express';

/** What is used of the router that Express keeps: each layer of a route knows its path and its methods. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
}

/** The methods under which this path is served. Asked only when a request found no route. */
export function allowedMethods(request: Request): readonly string[] {
  const { stack } = request.app.router as unknown as { stack: readonly RouterLayer[] };
  const methods = new Set<string>();
  for (const layer of stack) {
    if (layer.route === undefined || !matches(layer, request.path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  return [...methods].toSorted();
}

function matches(layer: RouterLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // A path that cannot be decoded.
    return false;
  }
}
