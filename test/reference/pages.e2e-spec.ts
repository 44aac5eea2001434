import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { AUDIT_ACTION_TEXTS, AUDIT_EVENT_TEXTS } from '../../src/audit/audit-event.model.js';
import { CLAIM_TEXTS } from '../../src/auth/claim-texts.js';
import { PERMISSION_TEXTS } from '../../src/common/permission-texts.js';
import { readSettings } from '../../src/config/read-settings.js';
import { BUILT_IN_ROLES } from '../../src/config/roles.js';
import { SETTING_TEXTS } from '../../src/config/setting-texts.js';
import { ERROR_STATUS } from '../../src/http/error-status.js';
import { ERROR_TEXTS } from '../../src/http/error-texts.js';
import { Metrics } from '../../src/http/metrics.js';
import { ERROR_EXAMPLES } from '../../src/http/openapi/error-examples.js';
import { DECLARED_PARAMETERS } from '../../src/policies/policy-types.rules.js';
import { knownExtensions } from '../../src/x509/certificate/extensions/known-extensions.js';
import { FINDING_CODES, PART_SECTIONS } from '../../src/x509/certificate/finding-codes.js';
import { startApp, type TestApp } from '../support/app.js';
import { auditEvents, type EventSchema } from './audit-events.js';
import { errorCodes } from './error-codes.js';
import { findings } from './findings.js';
import { fillPage, type Regions } from './markdown.js';
import { metrics } from './metrics.js';
import { policyParameterForms } from './policy-parameter-forms.js';
import { policyParameters } from './policy-parameters.js';
import { rolesAndRights, routesOf } from './roles-and-rights.js';
import { recordedSettings, settings } from './settings.js';
import { tokenClaims } from './token-claims.js';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');

interface Document {
  readonly paths: Parameters<typeof routesOf>[0];
  readonly components: { readonly schemas: { readonly AuditEventResource: EventSchema } };
}

let app: TestApp;
let document: Document;
let folder: string;

beforeAll(async () => {
  app = await startApp();
  document = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as Document;
  folder = await mkdtemp(join(tmpdir(), 'certkeep-reference-'));
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const PAGES: Readonly<Record<string, () => Regions | Promise<Regions>>> = {
  'reference/policy-parameters.md': () => policyParameters(DECLARED_PARAMETERS),
  'reference/roles-and-rights.md': () =>
    rolesAndRights({ roles: BUILT_IN_ROLES, texts: PERMISSION_TEXTS, routes: routesOf(document.paths) }),
  'reference/token-claims.md': () =>
    tokenClaims(CLAIM_TEXTS, { ...readSettings({ CERTKEEP_DATA: folder }).tokens.claims }),
  'reference/error-codes.md': () =>
    errorCodes({ statuses: ERROR_STATUS, texts: ERROR_TEXTS, examples: ERROR_EXAMPLES }),
  'reference/findings.md': () =>
    findings({ codes: FINDING_CODES, parts: PART_SECTIONS, extensions: knownExtensions.values() }),
  'reference/metrics.md': async () => await metrics(app.get(Metrics).registry),
  'reference/audit-events.md': () =>
    auditEvents(AUDIT_EVENT_TEXTS, AUDIT_ACTION_TEXTS, document.components.schemas.AuditEventResource),
  'settings.md': () => settings(SETTING_TEXTS, recordedSettings(folder)),
};

/** prom-client tells more of a process on Linux than elsewhere. */
const onlyOnLinux = (page: string) => page.endsWith('metrics.md') && process.platform !== 'linux';

test.each(Object.entries(PAGES).filter(([page]) => !onlyOnLinux(page)))(
  'docs/%s is what the source says; `npm run reference` writes it',
  async (page, regions) => {
    const path = join(DOCS, page);
    await expect(await fillPage(path, await regions())).toMatchFileSnapshot(path);
  },
);

test('the console offers the policy parameters that the source declares; `npm run reference` writes them', async () => {
  const path = join(DOCS, '..', 'web', 'src', 'features', 'policies', 'policy-parameters.gen.ts');
  await expect(await policyParameterForms(DECLARED_PARAMETERS)).toMatchFileSnapshot(path);
});
