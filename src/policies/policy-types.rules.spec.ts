import { describe, expect, it } from 'vitest';

import type { Parameter } from './policy-parameters.rules.js';
import { DECLARED_PARAMETERS, notEnforcedBy, PARAMETER_NAMES, parameterErrors } from './policy-types.rules.js';

const DECLARED = Object.entries(DECLARED_PARAMETERS).flatMap(([type, parameters]) =>
  Object.entries(parameters).map(([name, declaration]) => [type, name, declaration] as const),
);

describe('2.12 the reference has of every parameter', () => {
  it.each<readonly [string, string, Parameter<unknown>]>(DECLARED)('%s: %s', (_type, _name, declared) => {
    const { type, effect, example, rule, defaultText } = declared;
    expect(type.name).toMatch(/^[a-z ]+$/);
    expect(type.allowed).toMatch(/^.{4,}$/s);
    expect(effect).toMatch(/^[A-Z`].{20,}\.$/s);
    expect(rule).toMatch(/^\d+(\.\d+)?$/);
    expect(defaultText ?? 'its value').toMatch(/^.{4,}$/);
    // An example that its type refuses, or that is the default, would explain nothing.
    const reading = type.read(example);
    expect(reading).toHaveProperty('value');
    expect(reading).not.toEqual({ value: declared.default });
  });
});

it('2.12 the OpenAPI document names the parameters of each type that is acted on', () => {
  expect(PARAMETER_NAMES).toMatch(/^Of a CertificatePolicy: `.*`\. Of a PwdPolicy: `minLength`, .*`\.$/);
  for (const [, name] of DECLARED) expect(PARAMETER_NAMES).toContain(`\`${name}\``);
});

it.each([
  ['PwdPolicy', ['anything']],
  ['CertificatePolicy', []],
  ['TANPolicy', []],
])('2.12 what a %s stores without effect is listed: %s', (type, names) => {
  expect(notEnforcedBy(type, { anything: 'goes' })).toEqual(names);
});

it.each([
  ['CertificatePolicy', ['parameters.anything']],
  ['PwdPolicy', []],
  ['TANPolicy', []],
])('2.12 unknown parameters of a %s that are refused: %s', (type, fields) => {
  expect(parameterErrors(type, { anything: 'goes' }).map(({ field }) => field)).toEqual(fields);
});
