import type { PathParameters } from '../x509/path/path-parameters.js';
import type { Expectation, Need } from './conformance-report.js';
import { isObject, type JsonObject, LayoutError, textOf } from './json-members.js';
import type { PeerName } from './peer-name.js';

/** What one case gives the validator, and the output that it expects. */
export interface CaseInput {
  /** PEM. */
  readonly leaf: string;
  readonly anchors: readonly string[];
  readonly intermediates: readonly string[];
  /** Undefined: revocation is not checked. An empty list proves nothing, so that every certificate is refused. */
  readonly crls: readonly string[] | undefined;
  readonly parameters: PathParameters;
  /** All of them must be names of the leaf. */
  readonly peerNames: readonly PeerName[];
  /** Dotted OIDs of the user-constrained-policy-set; undefined if none is expected. */
  readonly expectedPolicySet: readonly string[] | undefined;
}

export interface ConformanceCase {
  /** Unique in its file, unlike the id. */
  readonly key: string;
  readonly id: string;
  readonly expected: Expectation;
  readonly needs: readonly Need[];
  /** @throws LayoutError if a part of the case cannot be read: an error of this case only */
  readonly input: () => CaseInput;
}

interface CaseLayout {
  readonly key: 'id' | 'name';
  readonly needs: (entry: JsonObject) => readonly Need[];
  readonly input: (entry: JsonObject) => CaseInput;
}

/** The cases of a list, in its order; whatever an entry is, it is a case. */
export function casesOf(entries: readonly unknown[], layout: CaseLayout): readonly ConformanceCase[] {
  return entries.map((value, index) => {
    const entry = isObject(value) ? value : {};
    const nameIn = (member: string): string => {
      const name = entry[member];
      return typeof name === 'string' ? name : `#${index + 1}`;
    };
    const { expected_result: expected } = entry;
    return {
      key: nameIn(layout.key),
      id: nameIn('id'),
      expected: expected === 'SUCCESS' ? expected : 'FAILURE',
      needs: layout.needs(entry),
      input: () => {
        textOf(entry, layout.key);
        if (expected === 'SUCCESS' || expected === 'FAILURE') return layout.input(entry);
        throw new LayoutError('expected_result is neither SUCCESS nor FAILURE.');
      },
    };
  });
}
