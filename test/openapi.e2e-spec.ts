import { afterAll, beforeAll, expect, test } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import { ERROR_STATUS } from '../src/http/error-status.js';
import { VERSION } from '../src/version.js';
import { startApp, type TestApp } from './support/app.js';

interface Operation {
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: object;
  readonly security?: object[];
  readonly responses: Record<string, { content?: Record<string, { examples?: Record<string, object> }> }>;
}

const byName = (one: string, other: string): number => one.localeCompare(other);

let app: TestApp;
let document: { info: { version: string }; paths: Record<string, Record<string, Operation>> };

beforeAll(async () => {
  app = await startApp();
  document = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as typeof document;
});

afterAll(async () => await app.close());

test('docs/openapi.json is what the server serves; `npm run openapi` writes it', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../docs/openapi.json');
});

test('the version is that of the package', () => {
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
        const codes = Object.keys(content?.['application/json']?.examples ?? {});
        expect(codes.length, `${where} ${status}`).toBeGreaterThan(0);
        for (const code of codes) expect(ERROR_STATUS[code as keyof typeof ERROR_STATUS]).toBe(Number(status));
      }
    }
  }
});

test('every parameter of a path is described', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    for (const operation of Object.values(operations)) {
      const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(described.toSorted(byName), path).toEqual(names.toSorted(byName));
    }
  }
});

test('the page comes with everything that it needs from this server', async () => {
  const page = await fetch(`${app.url}/api/docs`);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('swagger-ui');
  expect([...html.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([]);
});
