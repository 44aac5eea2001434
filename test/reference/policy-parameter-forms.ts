import { format } from 'oxfmt';

import type { ValueForm } from '../../src/policies/parameter-types.rules.js';
import type { Parameter, Parameters } from '../../src/policies/policy-parameters.rules.js';

const HEAD = `// What the server declares of each policy parameter; \`npm run reference\` writes this file.
import { msg } from '@lingui/core/macro';

import type { DeclaredParameter } from './declared-parameter.js';
`;

/** A module of the console: the parameters of each policy type that has an effect, with texts that can be translated. */
export async function policyParameterForms(declared: Readonly<Record<string, Parameters>>): Promise<string> {
  const types = Object.entries(declared).map(
    ([type, parameters]) =>
      `${type}: [${Object.entries(parameters)
        .map(([name, one]) => entry(name, one))
        .join('')}],`,
  );
  const source = `${HEAD}
export const DECLARED_PARAMETERS: Readonly<Record<string, readonly DeclaredParameter[]>> = {${types.join('\n')}};
`;
  const { code, errors } = await format('policy-parameters.gen.ts', source, { printWidth: 120, singleQuote: true });
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
  return code;
}

function entry(name: string, { type, effect, example, rule, ...rest }: Parameter<unknown>): string {
  const members = [
    `name: ${JSON.stringify(name)}`,
    `effect: ${message(effect)}`,
    ...defaultOf(rest),
    `example: ${JSON.stringify(example)}`,
    `rule: ${JSON.stringify(rule)}`,
    `form: ${JSON.stringify(type.form)}`,
    ...(type.separators === undefined ? [] : [`separators: ${JSON.stringify(type.separators)}`]),
    ...(isExplained(type.form) ? [`allowed: ${message(type.allowed)}`] : []),
  ];
  return `{${members.join(',')}},`;
}

function defaultOf({ default: value, defaultText }: Pick<Parameter<unknown>, 'default' | 'defaultText'>): string[] {
  if (defaultText !== undefined) return [`defaultText: ${message(defaultText)}`];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  return [
    `defaultValue: ${JSON.stringify(Array.isArray(value) ? value.join(',') : String(value as string | number | boolean))}`,
  ];
}

/** Choices and numbers speak for themselves. */
function isExplained(form: ValueForm): boolean {
  return form.kind === 'list' ? isExplained(form.entry) : form.kind === 'text';
}

function message(text: string): string {
  return `msg({ message: ${JSON.stringify(text)} })`;
}
