import { afterAll, beforeAll, expect, test } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import { VERSION } from '../src/common/version.js';
import { ERROR_STATUS } from '../src/http/error-status.js';
import { startApp, type TestApp } from './support/app.js';
import { requireDocumentedError } from './support/documented-errors.js';
import { CORE } from './support/http.js';

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: string[];
  readonly parameters?: { name: string; in: string; schema: object }[];
  readonly requestBody?: object;
  readonly security?: object[];
  readonly 'x-self-admin'?: string;
  readonly responses: Record<
    string,
    { description?: string; content?: Record<string, { examples?: Record<string, object> }> }
  >;
}

const byName = (one: string, other: string): number => one.localeCompare(other);

let app: TestApp;
let document: {
  info: { version: string };
  tags: { name: string; description?: string }[];
  components: Record<string, object>;
  paths: Record<string, Record<string, Operation>>;
};
const allOperations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods));

beforeAll(async () => {
  app = await startApp();
  document = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as typeof document;
});

afterAll(async () => await app.close());

test('docs/openapi.json is what the server serves; `npm run openapi` writes it', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../docs/openapi.json');
});

test('the version is the one of package.json', () => {
  expect(document.info.version).toBe(packageJson.version);
  expect(VERSION).toBe(packageJson.version);
});

test('7.1 every operation documents its refusals with an example of each code', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const where = `${method} ${path}`;
      expect(operation.responses, where).toHaveProperty('500');
      if (operation.security !== undefined) expect(operation.responses, where).toHaveProperty('401');
      if (operation.requestBody !== undefined) expect(operation.responses, where).toHaveProperty('415');
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        const examples = Object.keys(content?.['application/json']?.examples ?? {});
        expect(examples.length, `${where} ${status}`).toBeGreaterThan(0);
        for (const code of examples.map((name) => name.replace('.X-Token', '')))
          expect(ERROR_STATUS[code as keyof typeof ERROR_STATUS]).toBe(Number(status));
      }
    }
  }
});

test('7.1 a test in which an operation gives an error that the document does not have for it fails', () => {
  const path = `${CORE}/clients/100`;
  expect(() => requireDocumentedError('PATCH', path, 409, 'errors.optimisticLockingFailure')).not.toThrow();
  expect(() => requireDocumentedError('GET', path, 409, 'errors.optimisticLockingFailure')).toThrow(
    /no example of 409/,
  );
});

test('every operation has a summary of its own', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { summary, operationId }] of Object.entries(methods)) {
      expect(summary, `${method} ${path} needs a @Summary`).toMatch(/^[A-Z].{5,70}[^.]$/);
      expect(operationId, `${method} ${path}`).toMatch(
        /^(explain|simulate|forecast|list|lookUp|get|create|update|replace|delete|archive|issue|test|stop|undo|import)[A-Z]\w+$/,
      );
    }
  }
  for (const name of ['summary', 'operationId'] as const) {
    const said = allOperations().map((operation) => operation[name]);
    expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([]);
  }
});

test('every operation has one tag, and every tag is described and used', () => {
  const used = allOperations().map(({ tags }) => tags?.join(' '));
  expect(new Set(used)).toEqual(new Set(document.tags.map(({ name }) => name)));
  for (const { name, description } of document.tags) expect(description, name).toMatch(/\w+\.$/);
});

test('every response has a description', () => {
  for (const { operationId, responses } of allOperations()) {
    for (const [status, { description }] of Object.entries(responses)) {
      expect(description, `${operationId} ${status}`).not.toBe('');
    }
  }
});

test('L2 the id of an mTLS certificate is documented as a number', () => {
  const parameters = allOperations().flatMap((operation) => operation.parameters ?? []);
  const ids = parameters.filter(({ name }) => name === 'certificateId');
  expect(ids.length).toBeGreaterThan(0);
  for (const { schema } of ids) expect(schema).toMatchObject({ type: 'integer', minimum: 1 });
});

test('4.5 an operation that takes an X-Token names its scheme beside the bearer token, and no other does', () => {
  expect(document.components['securitySchemes']).toMatchObject({
    xToken: { type: 'apiKey', in: 'header', name: 'X-Token' },
  });
  for (const { operationId, security, 'x-self-admin': selfAdmin } of allOperations()) {
    const takesXToken = selfAdmin === 'allowed' || selfAdmin === 'withXToken';
    const expected = takesXToken ? [{ bearer: [] }, { bearer: [], xToken: [] }] : [{ bearer: [] }];
    expect(security, operationId).toEqual(expected);
  }
});

test('2.7 a credential of any type is told apart by its type', () => {
  const schemas = document.components['schemas'] as Record<string, { properties: object }>;
  expect(schemas['UserCredentialResource']).toMatchObject({
    discriminator: { propertyName: 'type', mapping: { Certificate: '#/components/schemas/CertificateResource' } },
  });
  expect(schemas['CertificateResource']?.properties).toMatchObject({ type: { enum: ['Certificate'] } });
  expect(schemas['PasswordResource']?.properties).toMatchObject({ type: { enum: ['Password'] } });
});

test('a list of texts to choose from stands in the document once', () => {
  const lists = [...JSON.stringify(document).matchAll(/"enum":(\[[^\]]+\])/g)].map(([, list]) => list ?? '');
  const choices = lists.filter((list) => list.includes(','));
  expect(choices.length).toBeGreaterThan(10);
  expect(choices.filter((one, index) => choices.indexOf(one) !== index)).toEqual([]);
});

test('every reference has a target', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]*)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [reference, kind = '', name = ''] of references) {
    expect(Object.keys(document.components[kind] ?? {}), reference).toContain(name);
  }
});

test('every path parameter has a description', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    for (const operation of Object.values(operations)) {
      const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(described.toSorted(byName), path).toEqual(names.toSorted(byName));
    }
  }
});

test('the page loads everything that it needs from this server', async () => {
  const page = await fetch(`${app.url}/api/docs`);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('swagger-ui');
  expect([...html.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([]);
});
