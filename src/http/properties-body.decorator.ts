import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { type ErrorDetail, throwAll } from '../common/errors.js';
import { printable } from '../common/printable.js';
import type { SentTextMembers } from '../common/text-members.js';
import { findUnstorableText } from '../common/unstorable-text.js';
import { BODY_LIMIT, readJsonObject } from './json-body.js';
import { ApiBody } from './openapi/swagger.js';
import { isMapEntry, PROPERTY_LIMITS } from './text-map.js';

const { nameLength, valueLength } = PROPERTY_LIMITS;

/** The maximum number of errors in one response: the caller chooses the names, and there may be thousands. */
const NAMED = 20;

const SCHEMA = {
  type: 'object',
  additionalProperties: { type: ['string', 'null'], maxLength: valueLength },
  example: { costCentre: '4711', nickname: null },
};

/** The caller chooses the names, so there is no class to bind this body to (contract 2.14). */
function readProperties(sent: Record<string, unknown>): SentTextMembers {
  const errors = findUnstorableText(sent).map((field) => invalid(field));
  for (const [name, value] of Object.entries(sent)) {
    if (!isMapEntry(name, value, PROPERTY_LIMITS)) errors.push(invalid(printable(name, nameLength)));
  }
  throwAll(errors.slice(0, NAMED));
  return sent as SentTextMembers;
}

function invalid(field: string): ErrorDetail {
  return {
    code: 'errors.invalidData',
    message: `A property name must have 1 to ${nameLength} characters, and its value must be text of at most ${valueLength} characters, or null to remove it.`,
    field,
  };
}

const readBody = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<SentTextMembers> => {
  return readProperties(await readJsonObject(context.switchToHttp().getRequest<Request>(), BODY_LIMIT));
});

/** The request's body as a flat map of properties. */
export function PropertiesBody(): ParameterDecorator {
  const decorate = readBody();
  return (target, key, index) => {
    decorate(target, key, index);
    const method = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && method !== undefined) ApiBody({ schema: SCHEMA as never })(target, key, method);
  };
}
