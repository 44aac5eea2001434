/** One input in the form in which it is written to a file. Every `Buffer` is in Base64. */
export type FuzzCase = OctetsCase | PathCase;

export interface OctetsCase {
  readonly kind: 'octets';
  readonly octets: string;
}

export interface PathCase {
  readonly kind: 'path';
  readonly leaf: string;
  readonly anchors: readonly string[];
  readonly intermediates: readonly string[];
  /** The SHA-256 of every signed part that was really signed, in hexadecimal. */
  readonly signed: readonly string[];
  readonly parameters: CaseParameters;
}

export interface CaseParameters {
  readonly profile: 'production' | 'section4';
  readonly eku: readonly string[];
  readonly allowWeakAlgorithms: boolean;
  readonly initialPolicies: readonly string[] | 'any';
  readonly explicitPolicy: boolean;
}

export const octetsCase = (octets: Buffer): OctetsCase => ({ kind: 'octets', octets: octets.toString('base64') });

/** A case as it was written, or any other file, whose octets are the input. */
export function readCase(file: Buffer): FuzzCase {
  if (!file.subarray(0, 9).equals(Buffer.from('{"kind":"'))) return octetsCase(file);
  return JSON.parse(file.toString('utf8')) as FuzzCase;
}
