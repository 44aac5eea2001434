import { code, type Regions } from './markdown.js';

interface ErrorSources {
  readonly statuses: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, { readonly when: string; readonly remedy: string }>>;
  /** By code, as the OpenAPI document has them. */
  readonly examples: Readonly<Record<string, { readonly errors: readonly { readonly message: string }[] }>>;
}

/** A section for each code, by status. */
export function errorCodes({ statuses, texts, examples }: ErrorSources): Regions {
  const codes = Object.entries(statuses).toSorted(([, one], [, other]) => one - other);
  const sections = codes.map(([name, status]) => {
    const text = texts[name];
    const message = examples[name]?.errors[0]?.message;
    if (text === undefined || message === undefined) throw new Error(`Nothing describes ${name}.`);
    return [
      `### ${name}`,
      '',
      `- **Status**: ${status}`,
      `- **When**: ${text.when}`,
      `- **What to do**: ${text.remedy}`,
      `- **Example of a message**: ${message}`,
    ].join('\n');
  });
  const list = codes.map(([name, status]) => `${status} [${code(name)}](#${name.toLowerCase().replace('.', '')})`);
  return { list: list.map((line) => `- ${line}`).join('\n'), codes: sections.join('\n\n') };
}
