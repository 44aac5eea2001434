import type { Response } from 'express';

import { ApiResponse } from '../http/openapi/swagger.js';
import { JobResource } from './job-resource.js';

/** Documents the answer of a route that makes a job. */
export function AnswersJob(): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'The new job, which goes on by itself.',
    type: JobResource,
    headers: {
      Location: { description: 'The path of the job.', schema: { type: 'string', format: 'uri-reference' } },
    },
  });
}

/** A 202 says where to ask how far the job has come. */
export function answerJob(response: Response, clientExtId: string, job: JobResource): JobResource {
  const path = `/nevisidm/api/core/v1/${encodeURIComponent(clientExtId)}/certificates/bulk/${job.id}`;
  response.status(202).setHeader('Location', path);
  return job;
}
