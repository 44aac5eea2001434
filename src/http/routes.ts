import type { Request } from 'express';

/** What is used of the router that Express keeps: each layer of a route knows its path and its methods. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/**
 * The methods under which this path is served. Asked only when a request found no route. A path that a route spells out
 * (`…/by-file`) is that route's, and no id of the routes that would take any word there.
 */
export function allowedMethods(request: Request): readonly string[] {
  const { stack } = request.app.router as unknown as { stack: readonly RouterLayer[] };
  const routes = stack.flatMap((layer) =>
    layer.route !== undefined && matches(layer, request.path) ? [layer.route] : [],
  );
  const lastSegment = request.path.slice(request.path.lastIndexOf('/'));
  const spelled = routes.filter(({ path }) => path.endsWith(lastSegment));
  const methods = (spelled.length > 0 ? spelled : routes).flatMap((route) => Object.keys(route.methods));
  const names = methods.map((method) => method.toUpperCase());
  // Express answers it by itself wherever there is a GET.
  const all = names.includes('GET') ? [...names, 'HEAD'] : names;
  return [...new Set(all)].toSorted();
}

function matches(layer: RouterLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // A path that cannot be decoded.
    return false;
  }
}
