import { code, type Regions, table } from './markdown.js';

interface ClaimText {
  readonly setting?: string;
  readonly type: string;
  readonly meaning: string;
  readonly absent: string;
  readonly malformed: string;
  readonly example?: unknown;
}

/** `defaultNames`: of the claims whose names are settings. */
export function tokenClaims(
  texts: Readonly<Record<string, ClaimText>>,
  defaultNames: Readonly<Record<string, string>>,
): Regions {
  const named = Object.entries(texts).map(([key, text]) => ({ name: defaultNames[key] ?? key, ...text }));
  const rows = named.map(({ name, setting, type, meaning, absent, malformed }) => [
    code(name),
    setting === undefined ? '' : code(setting),
    type,
    meaning,
    absent,
    malformed,
  ]);
  const payload = Object.fromEntries(
    named.filter(({ example }) => example !== undefined).map(({ name, example }) => [name, example]),
  );
  return {
    payload: `\`\`\`json\n${JSON.stringify(payload, null, 2)}\n\`\`\``,
    claims: table(['claim', 'setting', 'type', 'meaning', 'missing', 'malformed'], rows),
  };
}
