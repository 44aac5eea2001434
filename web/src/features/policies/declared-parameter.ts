import type { MessageDescriptor } from '@lingui/core';

export type ValueForm =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** With `off`, also -1. */
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly off: boolean }
  /** Of any text that may be allowed; the suggestions are. */
  | { readonly kind: 'text'; readonly suggestions: readonly string[] }
  | { readonly kind: 'trustAnchorSet' }
  | { readonly kind: 'list'; readonly entry: ValueForm };

/** A parameter as `policy-parameters.gen.ts` has it. Texts are Markdown. */
export interface DeclaredParameter {
  readonly name: string;
  readonly effect: MessageDescriptor;
  /** What a policy has without the parameter. */
  readonly defaultValue?: string;
  /** The same in words, where the value alone would not say it. */
  readonly defaultText?: MessageDescriptor;
  readonly example: string;
  /** Of the contract. */
  readonly rule: string;
  readonly form: ValueForm;
  /** Of a list: each of these characters separates two entries. */
  readonly separators?: string;
  /** What is allowed, where the form alone does not show it. */
  readonly allowed?: MessageDescriptor;
}

/** The values of a policy; one that is absent has its default. */
export type ParameterValues = Readonly<Record<string, string>>;
