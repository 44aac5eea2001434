import type { ErrorDetail } from '../common/errors.js';
import { printable } from '../common/printable.js';
import { nearestName } from './nearest-name.rules.js';
import type { ParameterType } from './parameter-types.rules.js';

/** A complete policy, or all errors in its parameters. */
export type PolicyReading<Policy> =
  | { readonly policy: Policy; readonly errors: readonly [] }
  | { readonly policy: undefined; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] };

/** Parses the parameters of a policy and collects all errors. */
export class PolicyParameters {
  private readonly values: ReadonlyMap<string, string>;
  private readonly problems: ErrorDetail[] = [];

  constructor(parameters: Readonly<Record<string, string>>) {
    // Only own members: a parameter named `constructor` is unknown like any other.
    this.values = new Map(Object.entries(parameters));
  }

  get names(): readonly string[] {
    return [...this.values.keys()];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  read<T>(name: string, type: ParameterType<T>, fallback: T): T {
    const text = this.values.get(name);
    if (text === undefined) return fallback;
    const reading = type(text);
    if ('value' in reading) return reading.value;
    const found = printable(reading.found ?? text);
    this.refuse(name, `${name} must be ${reading.expected}; found "${found}".`, {
      expected: printable(reading.expected),
      found,
    });
    return fallback;
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

  refuseUnknown(known: readonly string[]): void {
    for (const name of this.values.keys()) {
      if (known.includes(name)) continue;
      const near = nearestName(name, known);
      const question = near === undefined ? '' : ` Did you mean ${near}?`;
      this.refuse(name, `There is no parameter ${printable(name, 100)}.${question}`);
    }
  }

  finish<Policy>(policy: Policy): PolicyReading<Policy> {
    const [first, ...rest] = this.problems;
    return first === undefined ? { policy, errors: [] } : { policy: undefined, errors: [first, ...rest] };
  }
}
