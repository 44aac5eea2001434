import { Environment } from '../../src/config/environment.js';
import { readSettings } from '../../src/config/read-settings.js';
import { code, type Regions, table } from './markdown.js';

interface SettingText {
  readonly group: string;
  readonly effect: string;
  readonly form?: string;
  readonly absent?: string;
}

type SettingTexts = Readonly<Record<string, SettingText>>;

/** How a setting was read: its form in words, and its default. */
interface Reading {
  readonly form?: string;
  readonly default: string | undefined;
}

/** Reads like its base class, takes nothing amiss, and keeps how each setting was read. */
export class RecordedEnvironment extends Environment {
  readonly readings = new Map<string, Reading>();

  override text(name: never, fallback?: never): never {
    this.note(name, { default: fallback });
    return super.text(name, fallback) as never;
  }

  override list(name: never): readonly string[] {
    const value = super.list(name);
    this.note(name, { form: 'list, separated by commas', default: undefined });
    return value;
  }

  override integer(name: never, fallback: number, minimum: number, maximum: number): number {
    const value = super.integer(name, fallback, minimum, maximum);
    this.note(name, { form: `whole number, ${minimum} to ${maximum}`, default: String(fallback) });
    return value;
  }

  override seconds(name: never, fallback: number, maximum: number): number {
    const value = super.seconds(name, fallback, maximum);
    this.note(name, { form: `seconds, 0 to ${maximum}, up to three decimals`, default: String(fallback) });
    return value;
  }

  override boolean(name: never, fallback: boolean): boolean {
    const value = super.boolean(name, fallback);
    this.note(name, { form: '`true` or `false`', default: String(fallback) });
    return value;
  }

  override choice<Choice extends string>(name: never, choices: readonly Choice[], fallback: Choice): Choice {
    const value = super.choice(name, choices, fallback);
    this.note(name, { form: choices.map(code).join(', '), default: fallback });
    return value;
  }

  override file(name: never): Buffer | undefined {
    const value = super.file(name);
    this.note(name, { form: 'path of a file', default: undefined });
    return value;
  }

  override finish(): void {
    // The defaults are asked for, whatever a start would miss.
  }

  /** What asks for a value comes after what only looks whether there is one. */
  private note(name: string, reading: Reading): void {
    if (name !== 'CERTKEEP_IMAGE') this.readings.set(name, { ...this.readings.get(name), ...reading });
  }
}

/** Every setting, as a server with a database and a vault reads it, and as the embedded mode does in this folder. */
export function recordedSettings(dataDirectory: string): readonly RecordedEnvironment[] {
  const served = { DATABASE_URL: 'postgres://database', VAULT_ADDR: 'https://vault' };
  return [served, { CERTKEEP_DATA: dataDirectory }].map((variables) => {
    const environment = new RecordedEnvironment(variables);
    readSettings(variables, environment);
    return environment;
  });
}

/** A table for each group. */
export function settings(texts: SettingTexts, recorded: readonly RecordedEnvironment[]): Regions {
  const names = new Set([...Object.keys(texts), ...recorded.flatMap(({ readings }) => [...readings.keys()])]);
  const groups: Record<string, string[][]> = {};
  for (const name of names) {
    const text = texts[name];
    const readings = recorded.map((environment) => environment.readings.get(name)).filter((one) => one !== undefined);
    const [reading] = readings;
    if (text === undefined) throw new Error(`Nothing describes ${name}.`);
    if (reading === undefined) throw new Error(`Nothing reads ${name}.`);
    const form = text.form ?? formOf(name, reading);
    (groups[text.group] ??= []).push([code(name), form, text.absent ?? defaultOf(readings), text.effect]);
  }
  return Object.fromEntries(
    Object.entries(groups).map(([group, rows]) => [group, table(['name', 'type', 'default', 'meaning'], rows)]),
  );
}

function formOf(name: string, { form }: Reading): string {
  return name.endsWith('_FILE') ? 'path of a file' : (form ?? 'text');
}

function defaultOf([served, embedded = served]: readonly Reading[]): string {
  const [one, other] = [served, embedded].map((reading) =>
    reading?.default === undefined ? 'none' : code(reading.default),
  );
  return one === other || embedded?.default === undefined ? (one ?? '') : `${one}; embedded mode: ${other}`;
}
