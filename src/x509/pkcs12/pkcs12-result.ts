import { describeAlgorithm } from './algorithms.js';

/** The reasons for refusing a file (contract L9); each has one sentence, safe for the caller. */
type Pkcs12Problem =
  | 'wrongPassword'
  | 'unsupportedAlgorithm'
  | 'corruptFile'
  | 'noPrivateKey'
  | 'noCertificate'
  | 'keyDoesNotMatch'
  | 'severalPrivateKeys'
  | 'tooManyIterations';

export interface Pkcs12Leaf {
  /** DER of the certificate whose public key belongs to the private key. */
  readonly leaf: Buffer;
}

export interface Pkcs12Content extends Pkcs12Leaf {
  /**
   * DER of the other certificates: first the chain from the leaf, each followed by its issuer, then the rest in file
   * order.
   */
  readonly chain: readonly Buffer[];
  /** PKCS#8 DER, not encrypted. */
  readonly privateKey: Buffer;
}

export interface Pkcs12Refusal {
  readonly ok: false;
  readonly problem: Pkcs12Problem;
  readonly message: string;
}

export type Pkcs12Result<Content = Pkcs12Content> = ({ readonly ok: true } & Content) | Pkcs12Refusal;

/** The maximum iteration count of any key derivation in a file. */
export const MAX_ITERATIONS = 600_000;

const messages: Readonly<Record<Exclude<Pkcs12Problem, 'unsupportedAlgorithm' | 'severalPrivateKeys'>, string>> = {
  wrongPassword: 'Wrong password or damaged file.',
  corruptFile: 'The file is corrupt: it cannot be read as PKCS#12.',
  noPrivateKey: 'The file contains no private key.',
  noCertificate: 'The file contains no certificate.',
  keyDoesNotMatch: 'No certificate in the file belongs to its private key.',
  tooManyIterations: `The iteration count is over the limit of ${MAX_ITERATIONS}, or the key derivations take more than a second.`,
};

export function refuse(problem: keyof typeof messages): Pkcs12Refusal {
  return { ok: false, problem, message: messages[problem] };
}

/** Java key stores (JKS, JCEKS) begin with these octets, and PEM and base64 of PKCS#12 with these letters. */
const OTHER_FILES: readonly (readonly [Buffer, string])[] = [
  ...['feedfeed', 'cececece'].map((octets): [Buffer, string] => [
    Buffer.from(octets, 'hex'),
    'It is a Java key store; convert it: keytool -importkeystore -srckeystore FILE -destkeystore NEWFILE -deststoretype PKCS12.',
  ]),
  ...['-----BEGIN ', 'MI'].map((letters): [Buffer, string] => [
    Buffer.from(letters),
    'It is text, as PEM or base64 is; send the binary file.',
  ]),
];

/** A file that is not PKCS#12; the message also says what it is, if that is known. */
export function refuseUnreadable(file: Buffer): Pkcs12Refusal {
  const refusal = refuse('corruptFile');
  const [, advice] = OTHER_FILES.find(([start]) => file.subarray(0, start.length).equals(start)) ?? [];
  return advice === undefined ? refusal : { ...refusal, message: `${refusal.message} ${advice}` };
}

/** `count`: the number of keys with a certificate. */
export function refuseSeveralKeys(count: number): Pkcs12Refusal {
  const message = `The file holds ${count} private keys with a certificate; send a file with only one.`;
  return { ok: false, problem: 'severalPrivateKeys', message };
}

/** `algorithm`: dotted OID; undefined if it is inside an encrypted part. */
export function refuseAlgorithm(algorithm: string | undefined): Pkcs12Refusal {
  const which = algorithm === undefined ? 'a key or certificate inside' : describeAlgorithm(algorithm);
  return { ok: false, problem: 'unsupportedAlgorithm', message: `Unsupported algorithm: ${which}.` };
}
