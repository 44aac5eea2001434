import { accessSync, constants, readFileSync } from 'node:fs';
import { sep } from 'node:path';

import { StartError } from '../common/start-error.js';
import type { SettingName } from './setting-texts.js';

/** The image says by a variable of its own what it is; nobody else sets it. */
type Readable = SettingName | 'CERTKEEP_IMAGE';

/**
 * Reads settings and collects all errors, so that one start reports everything that must be fixed. An empty variable
 * counts as absent, because compose files and charts use it for "none".
 */
export class Environment {
  private readonly problems: string[] = [];

  constructor(private readonly variables: NodeJS.ProcessEnv) {}

  text(name: Readable): string | undefined;
  text<Fallback extends string | undefined>(name: Readable, fallback: Fallback): string | Fallback;
  text(name: Readable, fallback?: string): string | undefined {
    const value = this.variables[name];
    return value === undefined || value === '' ? fallback : value;
  }

  list(name: SettingName): readonly string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }

  integer(name: SettingName, fallback: number, minimum: number, maximum: number, alternative = ''): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    this.problem(`${name} must be a whole number from ${minimum} to ${maximum}${alternative}.`);
    return fallback;
  }

  /** At least 0, with up to three decimals. */
  seconds(name: SettingName, fallback: number, maximum: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (value <= maximum) return value;
    this.problem(`${name} must be seconds from 0 to ${maximum}, with at most three decimals.`);
    return fallback;
  }

  boolean(name: SettingName, fallback: boolean): boolean {
    const text = this.text(name);
    if (text === undefined) return fallback;
    if (text !== 'true' && text !== 'false') this.problem(`${name} must be true or false.`);
    return text === 'true';
  }

  choice<Choice extends string>(name: SettingName, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const chosen = choices.find((choice) => choice === text);
    if (chosen === undefined) this.problem(`${name} must be one of ${choices.join(', ')}.`);
    return chosen ?? fallback;
  }

  /** The content of the file that the variable names, without one trailing line end. */
  file(name: SettingName): Buffer | undefined {
    const path = this.text(name);
    if (path === undefined) return undefined;
    try {
      const bytes = readFileSync(path);
      const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0;
      return bytes.subarray(0, bytes.length - end);
    } catch (error) {
      this.problem(`${name}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
      return undefined;
    }
  }

  /** The path of a folder in which files can be made. */
  folder(name: SettingName): string | undefined {
    const path = this.text(name);
    if (path === undefined) return undefined;
    try {
      // With a separator at its end, a file is ENOTDIR.
      accessSync(path + sep, constants.W_OK | constants.X_OK);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.problem(
        `${name}: the folder cannot be written to (${code}); create it, and let certkeep's user write to it.`,
      );
    }
    return path;
  }

  /** A secret given directly, or in the file named by `…_FILE`. */
  secretText(name: 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_REPLICA_URL'): string | undefined {
    const direct = this.text(name);
    const fromFile = this.file(`${name}_FILE`)?.toString('utf8');
    if (direct !== undefined && this.text(`${name}_FILE`) !== undefined) {
      this.problem(`${name} and ${name}_FILE are both set; set one.`);
    }
    return direct ?? fromFile;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** Throws one error that lists every problem. */
  finish(): void {
    if (this.problems.length === 0) return;
    const lines = this.problems.map((problem) => `  - ${problem}`).join('\n');
    throw new StartError(`certkeep cannot start with these settings:\n${lines}`);
  }
}
