import { type Express, type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';

import { isRouteWord } from '../common/external-id.js';

const ROUTE_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type RouteMethod = (typeof ROUTE_METHODS)[number];

/** The parts of Express's router that are used here. */
interface RouterLayer {
  /** False, or what has matched. */
  match(path: string): unknown;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const tables = new WeakMap<Express, RouteTable>();

/**
 * The routes by their method and number of segments, so that Express compares a path with few of them: each comparison is
 * a regular expression of its own, and there are more of them than fit into the fastest cache of a processor.
 */
export class RouteTable {
  /** By method, and then by the number of segments. */
  private readonly routers = new Map<string, (Router | undefined)[]>(
    ROUTE_METHODS.map((method) => [method.toUpperCase(), []]),
  );

  constructor(server: Express) {
    tables.set(server, this);
  }

  /** `path` without wildcards and optional parts. */
  add(method: RouteMethod, path: string, handlers: readonly RequestHandler[]): void {
    const routers = this.routers.get(method.toUpperCase()) ?? [];
    const router = (routers[segmentsOf(path)] ??= newRouter());
    router[method](path, ...handlers);
  }

  /** Middleware. Like Express, answers HEAD wherever there is a GET. */
  readonly dispatch = (request: Request, response: Response, next: NextFunction): void => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const router = this.routers.get(method)?.[segmentsOf(request.path)];
    if (router === undefined) next();
    else router(request, response, next);
  };

  /** Those that a path may match. */
  layersFor(path: string): readonly RouterLayer[] {
    const segments = segmentsOf(path);
    return [...this.routers.values()].flatMap((routers) => layersOf(routers[segments]));
  }
}

/**
 * The methods that this path supports. Called only if no route matched. A path that a route has literally (`…/by-file`)
 * belongs to that route, not to routes with an id in that place.
 */
export function allowedMethods(request: Request): readonly string[] {
  const { path } = request;
  const routes = layersFor(request).flatMap((layer) =>
    layer.route !== undefined && matches(layer, path) === true ? [layer.route] : [],
  );
  const lastSegment = path.slice(path.lastIndexOf('/'));
  const spelled = routes.filter((route) => route.path.endsWith(lastSegment));
  const methods = (spelled.length > 0 ? spelled : routes).flatMap((route) => Object.keys(route.methods));
  const names = methods.map((method) => method.toUpperCase());
  const all = names.includes('GET') ? [...names, 'HEAD'] : names;
  return [...new Set(all)].toSorted();
}

/** Whether the path is that of a route, except that it cannot be decoded. */
export function isUndecodable(request: Request): boolean {
  return layersFor(request).some((layer) => matches(layer, request.path) === undefined);
}

function layersFor({ app, path }: Request): readonly RouterLayer[] {
  return [...layersOf(app.router), ...(tables.get(app as Express)?.layersFor(path) ?? [])];
}

function newRouter(): Router {
  // Contract 1.1: case counts, and a path with a trailing slash is another path.
  const router = Router({ caseSensitive: true, strict: true });
  // Contract 2.2: such a word is no client, so that `clients/x/policies` is never the policy `x` of a client `clients`.
  router.param('clientExtId', (_request, _response, next: NextFunction, value: string) => {
    next(isRouteWord(value) ? 'route' : undefined);
  });
  return router;
}

function segmentsOf(path: string): number {
  let segments = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) segments += 1;
  return segments;
}

function layersOf(router: unknown): readonly RouterLayer[] {
  return (router as { readonly stack: readonly RouterLayer[] } | undefined)?.stack ?? [];
}

/** Undefined if it does, but cannot be decoded. */
function matches(layer: RouterLayer, path: string): boolean | undefined {
  try {
    return layer.match(path) !== false;
  } catch {
    return undefined;
  }
}
