import { applyDecorators, type Type } from '@nestjs/common';

import { takesQueryParameter } from '../query-parameters.js';

type Swagger = typeof import('@nestjs/swagger');

/** What waits for @nestjs/swagger, in the order in which the decorators were applied. */
const waiting: ((swagger: Swagger) => void)[] = [];

/**
 * Loads @nestjs/swagger and applies the decorators below. They are its own, by its names and with its options, but only
 * the document needs them, and with what it loads the package takes more memory than Express: a server that nobody asks
 * for the document does without.
 */
export async function loadSwagger(): Promise<Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (const apply of waiting.splice(0)) apply(swagger);
  return swagger;
}

type DecoratorName = Extract<keyof Swagger, `Api${string}`>;
type Decorate = (...options: readonly unknown[]) => (...target: readonly unknown[]) => void;

function later<Name extends DecoratorName>(name: Name): Swagger[Name] {
  const decorate: Decorate =
    (...options) =>
    (...target) => {
      waiting.push((swagger) => (swagger[name] as unknown as Decorate)(...options)(...target));
    };
  return decorate as unknown as Swagger[Name];
}

export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiBody = later('ApiBody');
export const ApiConsumes = later('ApiConsumes');
export const ApiExcludeController = later('ApiExcludeController');
export const ApiExtension = later('ApiExtension');
export const ApiExtraModels = later('ApiExtraModels');
export const ApiHeader = later('ApiHeader');
export const ApiOperation = later('ApiOperation');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiResponse = later('ApiResponse');
export const ApiSecurity = later('ApiSecurity');
export const ApiTags = later('ApiTags');

const documentQuery = later('ApiQuery');

/** The server itself has to know the names: any other parameter is refused. */
export function ApiQuery(options: Parameters<Swagger['ApiQuery']>[0] & { readonly name: string }): MethodDecorator {
  return applyDecorators(takesQueryParameter(options.name), documentQuery(options));
}

/** A class with some members of another; what they are is for the document alone. */
export function PickType<Of, Name extends keyof Of>(type: Type<Of>, names: readonly Name[]): Type<Pick<Of, Name>> {
  return derived((swagger) => swagger.PickType(type, names)) as Type<Pick<Of, Name>>;
}

/** A class with all members of another but some. */
export function OmitType<Of, Name extends keyof Of>(type: Type<Of>, names: readonly Name[]): Type<Omit<Of, Name>> {
  return derived((swagger) => swagger.OmitType(type, names)) as Type<Omit<Of, Name>>;
}

function derived(of: (swagger: Swagger) => Type<unknown>): Type<unknown> {
  const Derived = class {};
  waiting.push((swagger) => void Object.setPrototypeOf(Derived.prototype, of(swagger).prototype as object));
  return Derived;
}

/** The reference to a schema of the document. */
export function getSchemaPath(model: string | Type<unknown>): string {
  return `#/components/schemas/${typeof model === 'string' ? model : model.name}`;
}
