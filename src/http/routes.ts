import type { Request } from 'express';

/** The parts of Express's router that are used here. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/**
 * The methods that this path supports. Called only if no route matched. A path that a route has literally (`…/by-file`)
 * belongs to that route, not to routes with an id in that place.
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
  // Express handles HEAD itself wherever there is a GET.
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
