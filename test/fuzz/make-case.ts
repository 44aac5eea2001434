import { sign } from 'node:crypto';

import { toPem } from '../../src/x509/certificate/pem.js';
import { Tag } from '../../src/x509/der/tag.js';
import { sequence, tlv } from '../support/der.js';
import { pick, type Random } from '../support/random.js';
import type { Issued, Keys } from '../support/signed-certificate.js';
import { sha256 } from './check-path.js';
import { readTree, writeTree } from './der-tree.js';
import { type CaseParameters, type FuzzCase, octetsCase, type PathCase } from './fuzz-case.js';
import { mutate, mutateOctets } from './mutate.js';
import type { Seeds } from './seeds.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const POLICY = '1.3.6.1.4.1.99999.1';

/** What one number of the generator leads to: a certificate, a text, a file, a CRL, an OCSP response or a set with a leaf. */
export class CaseMaker {
  readonly #issued: readonly Issued[];
  readonly #octets: readonly Buffer[];
  readonly #signed: ReadonlySet<string>;

  constructor(
    private readonly seeds: Seeds,
    /** Certificates of others, in DER; nobody here has their keys. */
    corpus: readonly Buffer[],
  ) {
    this.#issued = [...seeds.roots, ...seeds.intermediates, ...seeds.leaves];
    this.#octets = [...this.#issued.map(({ der }) => der), ...corpus];
    this.#signed = new Set(this.#octets.map(signedPart).map(sha256));
  }

  make(random: Random): FuzzCase {
    const certificate = () => mutate(pick(random, this.#octets), pick(random, this.#octets), random);
    switch (random(10)) {
      case 0:
      case 1:
      case 2:
        return octetsCase(certificate());
      case 3:
        return octetsCase(mutateOctets(Buffer.from(toPem(certificate()).repeat(1 + random(3)), 'latin1'), random));
      case 4:
        return octetsCase(mutate(pick(random, this.seeds.pkcs12), pick(random, this.seeds.pkcs12), random));
      case 5:
        return octetsCase(mutate(pick(random, this.seeds.revocation), pick(random, this.seeds.revocation), random));
      default:
        return this.makePath(random);
    }
  }

  private makePath(random: Random): PathCase {
    const signed = new Set(this.#signed);
    const oneOf = (list: readonly Issued[]) => this.perhapsMutated(pick(random, list), signed, random);
    const several = (list: readonly Issued[], count: number) => Array.from({ length: count }, () => oneOf(list));
    const anchors = several(random(8) === 0 ? this.#issued : this.seeds.roots, 1 + random(3));
    const intermediates = several(this.seeds.intermediates, random(10));
    const leaf = oneOf(random(8) === 0 ? this.#issued : this.seeds.leaves);
    const isComplete = random(2) === 0;
    return {
      kind: 'path',
      leaf,
      anchors: isComplete ? [...anchors, ...this.seeds.roots.map(base64)] : anchors,
      intermediates: isComplete ? [...intermediates, ...this.seeds.intermediates.map(base64)] : intermediates,
      signed: [...signed],
      parameters: parametersFrom(random),
    };
  }

  /** Half of them stay as they are, and half of the mutated ones are signed again, with any of the keys. */
  private perhapsMutated(issued: Issued, signed: Set<string>, random: Random): string {
    if (random(2) === 0) return base64(issued);
    const mutated = mutate(issued.der, pick(random, this.#octets), random);
    if (random(2) === 0) return mutated.toString('base64');
    const resigned = signAgain(mutated, pick(random, this.#issued).keys);
    if (resigned === undefined) return mutated.toString('base64');
    signed.add(sha256(signedPart(resigned)));
    return resigned.toString('base64');
  }
}

const base64 = ({ der }: Issued) => der.toString('base64');

function parametersFrom(random: Random): CaseParameters {
  return {
    profile: pick(random, ['production', 'section4']),
    eku: random(2) === 0 ? [] : [CLIENT_AUTH],
    allowWeakAlgorithms: random(2) === 0,
    initialPolicies: pick(random, ['any', [POLICY], []]),
    explicitPolicy: random(4) === 0,
  };
}

/** The first element of a certificate; empty if there is none. */
function signedPart(der: Buffer): Buffer {
  const [certificate] = readTree(der) ?? [];
  return writeTree(certificate?.children.slice(0, 1) ?? []);
}

/** Undefined if the mutation has left no element to sign. */
function signAgain(der: Buffer, { privateKey }: Keys): Buffer | undefined {
  const [certificate] = readTree(der) ?? [];
  const [tbs, algorithm] = certificate?.children ?? [];
  if (tbs === undefined || algorithm === undefined) return undefined;
  const signedOctets = writeTree([tbs]);
  const digest = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(digest, signedOctets, privateKey);
  return sequence(signedOctets, writeTree([algorithm]), tlv(Tag.bitString, Buffer.of(0), signature));
}
