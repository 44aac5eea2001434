import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';

import { AppError, CallerLeftError } from '../common/errors.js';
import type { RefusedRequest, RefusalRecorder } from '../common/refusal-recorder.js';
import { type ErrorAnswer, errorAnswer } from './error-body.js';
import { domainErrorOfRequest } from './framework-error.js';
import { stateOf } from './request-state.js';
import { allowedMethods } from './route-table.js';

/** The only place where an error becomes a response. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly refusals: RefusalRecorder,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (thrown instanceof CallerLeftError) return;
    const context = host.switchToHttp();
    const request = context.getRequest<Request>();
    const response = context.getResponse<Response>();
    const state = stateOf(request);
    const error = thrown instanceof AppError ? thrown : domainErrorOfRequest(thrown, request);
    const answer = errorAnswer(error, state.id);
    state.errorCode = answer.body.errors[0]?.code ?? 'errors.fatalError';
    if (error instanceof AppError) {
      if (error.internal !== undefined) state.internal = error.internal;
    } else {
      this.logger.error({ requestId: state.id, err: error }, 'defect');
    }
    const refused = error instanceof AppError ? refusedRequest(request, error) : undefined;
    if (refused === undefined) send(request, response, answer);
    // Recorded before the response is sent, so that a caller who has read the response finds the refusal in the audit
    // log.
    else void this.record(refused).then(() => send(request, response, answer));
  }

  /** Never rejects: the response to a refused request stays the same if the audit log cannot be written. */
  private async record(refused: RefusedRequest): Promise<void> {
    try {
      await this.refusals.record(refused);
    } catch (reason) {
      this.logger.error({ requestId: refused.requestId, err: reason }, 'refusal not recorded');
    }
  }
}

function send(request: Request, response: Response, answer: ErrorAnswer): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // RFC 9110 section 15.5.6: a 405 must list the allowed methods.
  if (answer.status === 405) response.setHeader('Allow', allowedMethods(request).join(', '));
  response.status(answer.status).set(answer.headers).json(answer.body);
}

/** Undefined if the caller is not authenticated, or no route matched. */
function refusedRequest(request: Request, error: AppError): RefusedRequest | undefined {
  const { handler, actor, now, id, address, dryRun = false } = stateOf(request);
  if (actor === undefined || handler === undefined) return undefined;
  return {
    handler,
    parameters: request.params as Record<string, string>,
    dryRun,
    codes: error.details.map(({ code }) => code),
    actor,
    now,
    requestId: id,
    address,
  };
}
