import type { ErrorDetail } from '../common/errors.js';
import { printable } from '../common/printable.js';
import { nearestName } from './nearest-name.rules.js';
import type { ParameterType } from './parameter-types.rules.js';

/**
 * One parameter of a policy type. Its declaration is the only place that knows it: parsing, the names that are accepted,
 * the OpenAPI document and docs/reference/policy-parameters.md follow from it. Texts are Markdown.
 */
export interface Parameter<T> {
  readonly type: ParameterType<T>;
  /** What the policy has where the parameter is absent. */
  readonly default: T;
  /** The default in words, where its value alone would not say it. */
  readonly defaultText?: string;
  readonly effect: string;
  /** A value that the type accepts. */
  readonly example: string;
  /** Of the contract. */
  readonly rule: string;
}

export function parameter<T>(declaration: Parameter<T>): Parameter<T> {
  return declaration;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

export type ValuesOf<Declared extends Parameters> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Parameter<infer T> ? T : never;
};

/** A complete policy, or all errors in its parameters. */
export type PolicyReading<Policy> =
  | { readonly policy: Policy; readonly errors: readonly [] }
  | { readonly policy: undefined; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] };

/** Parses the parameters of a policy and collects all errors. */
export class ParameterReader {
  private readonly given: ReadonlyMap<string, string>;
  private readonly problems: ErrorDetail[] = [];

  constructor(parameters: Readonly<Record<string, string>>) {
    // Only own members: a parameter named `constructor` is unknown like any other.
    this.given = new Map(Object.entries(parameters));
  }

  text(name: string): string | undefined {
    return this.given.get(name);
  }

  /** Refuses names that are not declared. */
  refuseOthers(declared: Parameters): void {
    const names = Object.keys(declared);
    for (const name of this.given.keys()) {
      if (names.includes(name)) continue;
      const near = nearestName(name, names);
      const question = near === undefined ? '' : ` Did you mean ${near}?`;
      this.refuse(name, `There is no parameter ${printable(name, 100)}.${question}`);
    }
  }

  /** Of each declared parameter, in that order; the default of one that is absent or wrong. */
  read<Declared extends Parameters>(declared: Declared): ValuesOf<Declared> {
    const values = Object.entries(declared).map(([name, declaration]) => [name, this.valueOf(name, declaration)]);
    return Object.fromEntries(values) as ValuesOf<Declared>;
  }

  refuse(name: string, message: string, more: Pick<ErrorDetail, 'expected' | 'found' | 'remedy'> = {}): void {
    const shown = printable(name, 100);
    this.problems.push({
      code: 'errors.invalidData',
      message,
      field: `parameters.${shown}`,
      parameter: shown,
      ...more,
    });
  }

  finish<Policy>(policy: Policy): PolicyReading<Policy> {
    const [first, ...rest] = this.problems;
    return first === undefined ? { policy, errors: [] } : { policy: undefined, errors: [first, ...rest] };
  }

  private valueOf<T>(name: string, { type, default: fallback }: Parameter<T>): T {
    const text = this.given.get(name);
    if (text === undefined) return fallback;
    const reading = type.read(text);
    if ('value' in reading) return reading.value;
    const found = printable(reading.found ?? text);
    this.refuse(name, `${name} must be ${reading.expected}; found "${found}".`, {
      expected: printable(reading.expected),
      found,
    });
    return fallback;
  }
}
