import { inCode } from '../../src/policies/parameter-types.rules.js';
import type { Parameter, Parameters } from '../../src/policies/policy-parameters.rules.js';
import { code, type Regions, ruleLink } from './markdown.js';

/** A region for each policy type that has an effect, with a section for each of its parameters. */
export function policyParameters(declared: Readonly<Record<string, Parameters>>): Regions {
  return Object.fromEntries(
    Object.entries(declared).map(([type, parameters]) => [
      type,
      Object.entries(parameters)
        .map(([name, parameter]) => section(name, parameter))
        .join('\n\n'),
    ]),
  );
}

function section(name: string, { type, effect, example, rule, ...rest }: Parameter<unknown>): string {
  const lines = [
    `- **Type**: ${type.name}${separatorsOf(type.separators)}`,
    `- **Values**: ${type.allowed}`,
    `- **Default**: ${rest.defaultText ?? defaultOf(rest.default)}`,
    `- **Example**: ${code(example)}`,
  ];
  return [`### ${name}`, '', effect, '', ...lines, `- **Contract**: ${ruleLink(rule)}`].join('\n');
}

function separatorsOf(separators = ''): string {
  return separators === '' ? '' : `; entries are separated by ${inCode(separators.split('')).replaceAll(', ', ' or ')}`;
}

/** Where a policy that lacks the parameter has nothing in its place, the parameter asks for nothing. */
function defaultOf(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
