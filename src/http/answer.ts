import type { Request, Response } from 'express';

import { entityTag } from './precondition.js';

interface Versioned {
  readonly version: number;
}

/**
 * Sets the `ETag` and returns the body. A dry run gets no `ETag`, because it would name a version that does not exist
 * (contract 1.4).
 */
export function answerVersioned<Resource extends Versioned>(
  response: Response,
  resource: Resource,
  dryRun = false,
): Resource {
  if (!dryRun) response.setHeader('ETag', entityTag(resource.version));
  return resource;
}

/** Contract 1.2: a 201 returns what a GET would return, with the path of the new resource in `Location`. */
export function answerCreated<Resource extends Versioned & { readonly extId: string }>(
  request: Request,
  response: Response,
  resource: Resource,
  dryRun: boolean,
): Resource {
  if (!dryRun) response.setHeader('Location', `${request.path}/${encodeURIComponent(resource.extId)}`);
  return answerVersioned(response, resource, dryRun);
}
