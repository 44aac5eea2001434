import { describe, expect, it, test } from 'vitest';

import {
  ANY_POLICY,
  type PolicyExtensions,
  PolicyGraph,
  type PolicyInputs,
  type PolicyProblem,
} from './policy-graph.js';

const OPEN: PolicyInputs = {
  initialPolicySet: 'any',
  initialExplicitPolicy: false,
  initialPolicyMappingInhibit: false,
  initialAnyPolicyInhibit: false,
};
const STRICT: PolicyInputs = { ...OPEN, initialExplicitPolicy: true };

/** `any` stands for anyPolicy, all other letters for themselves. */
const policyOf = (letter: string) => (letter === 'any' ? ANY_POLICY : letter);

interface Parts {
  readonly policies?: string;
  /** `a>b c>d` */
  readonly mappings?: string;
  readonly explicit?: number;
  readonly mapping?: number;
  readonly inhibitAny?: number;
  readonly isSelfIssued?: boolean;
}

function certificate({
  policies,
  mappings,
  explicit,
  mapping,
  inhibitAny,
  isSelfIssued = false,
}: Parts): PolicyExtensions {
  const isConstrained = explicit !== undefined || mapping !== undefined;
  return {
    isSelfIssued,
    policies: policies?.split(' ').map(policyOf),
    mappings: mappings?.split(' ').map((pair) => {
      const [issuer = '', subject = ''] = pair.split('>').map(policyOf);
      return { issuerDomainPolicy: issuer, subjectDomainPolicy: subject };
    }),
    constraints: isConstrained ? { requireExplicitPolicy: explicit, inhibitPolicyMapping: mapping } : undefined,
    inhibitAnyPolicy: inhibitAny,
  };
}

type Outcome = PolicyProblem | { readonly userConstrainedPolicySet: ReadonlySet<string> };

function run(inputs: PolicyInputs, path: readonly PolicyExtensions[], node = () => true): Outcome {
  const graph = new PolicyGraph(inputs, path.length, { node });
  for (const [index, one] of path.entries()) {
    const isLast = index === path.length - 1;
    const problem = graph.enter(one) ?? (isLast ? undefined : graph.prepareNext(one));
    if (problem !== undefined) return problem;
    if (isLast) return graph.finish(one);
  }
  throw new Error('A path has a certificate.');
}

/** The valid policies, or the section that refuses. */
function outcome(inputs: PolicyInputs, ...path: readonly Parts[]): string {
  const result = run(inputs, path.map(certificate));
  if ('problem' in result) return `${result.problem} ${result.section}`;
  return [...result.userConstrainedPolicySet]
    .map((policy) => (policy === ANY_POLICY ? 'any' : policy))
    .toSorted()
    .join(' ');
}

const accepting = (...policies: string[]): PolicyInputs => ({ ...OPEN, initialPolicySet: new Set(policies) });

describe('without a required policy', () => {
  it.each<[string, string, PolicyInputs, Parts[]]>([
    ['no policies leave none', '', OPEN, [{}, {}]],
    ['the same policy everywhere is valid', 'a', OPEN, [{ policies: 'a' }, { policies: 'a' }]],
    ['the common policies are valid', 'a', OPEN, [{ policies: 'a b' }, { policies: 'a c' }]],
    ['different policies leave none', '', OPEN, [{ policies: 'a' }, { policies: 'b' }]],
    ['a certificate without policies ends all', '', OPEN, [{}, { policies: 'a' }]],
    ['anyPolicy everywhere is every policy', 'any', OPEN, [{ policies: 'any' }, { policies: 'any' }]],
    ['anyPolicy above allows any policy below', 'a', OPEN, [{ policies: 'any' }, { policies: 'a' }]],
    ['anyPolicy below continues what is above', 'a b', OPEN, [{ policies: 'a b' }, { policies: 'any' }]],
    ['a policy named twice counts once', 'a', OPEN, [{ policies: 'a a' }, { policies: 'a' }]],
    ['accepted policies are those of both', 'a', accepting('a', 'c'), [{ policies: 'a b' }, { policies: 'a b' }]],
    [
      'with anyPolicy all accepted policies are valid',
      'a c',
      accepting('a', 'c'),
      [{ policies: 'any' }, { policies: 'any' }],
    ],
    ['anyPolicy among the accepted policies accepts all', 'b', accepting('a', ANY_POLICY), [{ policies: 'b' }]],
  ])('6.1.6 %s', (_, expected, inputs, path) => {
    expect(outcome(inputs, ...path)).toBe(expected);
  });
});

describe('with a required policy', () => {
  it.each<[string, string, PolicyInputs, Parts[]]>([
    ['a valid policy passes', 'a', STRICT, [{ policies: 'a' }, { policies: 'a' }]],
    ['a certificate without policies is refused', 'policy 6.1.3 (f)', STRICT, [{ policies: 'a' }, {}]],
    ['different policies are refused', 'policy 6.1.3 (f)', STRICT, [{ policies: 'a' }, { policies: 'b' }]],
    [
      'a policy that is not accepted is refused',
      'policy 6.1.5 (g)',
      { ...accepting('b'), initialExplicitPolicy: true },
      [{ policies: 'a' }, { policies: 'a' }],
    ],
    ['a CA can require it at once', 'policy 6.1.3 (f)', OPEN, [{ explicit: 0 }, {}]],
    ['a CA can require it one certificate later', '', OPEN, [{ explicit: 2 }, {}]],
    [
      'required later, it applies to the whole path',
      'policy 6.1.3 (f)',
      OPEN,
      [{ explicit: 1 }, {}, { policies: 'a' }],
    ],
    ['the last certificate can require it', 'policy 6.1.5 (g)', OPEN, [{}, { explicit: 0 }]],
    ['the last certificate cannot require it later', '', OPEN, [{}, { explicit: 1 }]],
    ['it is required of the end as well: 6.1.5 (a) counts', 'policy 6.1.5 (g)', OPEN, [{ explicit: 1 }, {}]],
    ['self-issued certificates do not count', '', OPEN, [{ explicit: 2 }, { isSelfIssued: true }, {}]],
    [
      'a larger number does not relax a smaller one',
      'policy 6.1.3 (f)',
      OPEN,
      [{ explicit: 0 }, { policies: 'a', explicit: 9 }, {}],
    ],
  ])('6.1.1 %s', (_, expected, inputs, path) => {
    expect(outcome(inputs, ...path)).toBe(expected);
  });
});

describe('anyPolicy', () => {
  const noAny: PolicyInputs = { ...STRICT, initialAnyPolicyInhibit: true };

  it.each<[string, string, PolicyInputs, Parts[]]>([
    ['is not valid where it is inhibited from the start', 'policy 6.1.3 (f)', noAny, [{ policies: 'any' }]],
    ['does not hide a policy beside it', 'a', noAny, [{ policies: 'any a' }]],
    [
      'is not valid once a CA has inhibited it',
      'policy 6.1.3 (f)',
      STRICT,
      [{ policies: 'a', inhibitAny: 0 }, { policies: 'any' }],
    ],
    [
      'is valid for as many certificates as the CA says',
      'a',
      STRICT,
      [{ policies: 'a', inhibitAny: 1 }, { policies: 'any' }],
    ],
    [
      'is valid for no more certificates than the CA says',
      'policy 6.1.3 (f)',
      STRICT,
      [{ policies: 'a', inhibitAny: 1 }, { policies: 'a' }, { policies: 'any' }],
    ],
    [
      'is valid in a self-issued certificate in spite of that',
      'a',
      STRICT,
      [{ policies: 'a', inhibitAny: 0 }, { policies: 'any', isSelfIssued: true }, { policies: 'a' }],
    ],
    [
      'is not valid in a self-issued last certificate',
      'policy 6.1.3 (f)',
      STRICT,
      [
        { policies: 'a', inhibitAny: 0 },
        { policies: 'any', isSelfIssued: true },
      ],
    ],
  ])('4.2.1.14 %s', (_, expected, inputs, path) => {
    expect(outcome(inputs, ...path)).toBe(expected);
  });
});

describe('mappings', () => {
  const noMapping: PolicyInputs = { ...STRICT, initialPolicyMappingInhibit: true };

  it.each<[string, string, PolicyInputs, Parts[]]>([
    [
      'lead from a policy of the anchor to one below',
      'a',
      STRICT,
      [{ policies: 'a', mappings: 'a>b' }, { policies: 'b' }],
    ],
    [
      'replace the policy that is mapped',
      'policy 6.1.3 (f)',
      STRICT,
      [{ policies: 'a', mappings: 'a>b' }, { policies: 'a' }],
    ],
    ['keep it if it is mapped to itself too', 'a', STRICT, [{ policies: 'a', mappings: 'a>b a>a' }, { policies: 'a' }]],
    ['lead from one policy to several', 'a', STRICT, [{ policies: 'a', mappings: 'a>b a>c' }, { policies: 'c' }]],
    ['lead from several policies to one', 'a b', STRICT, [{ policies: 'a b', mappings: 'a>c b>c' }, { policies: 'c' }]],
    [
      'follow each other',
      'a',
      STRICT,
      [{ policies: 'a', mappings: 'a>b' }, { policies: 'b', mappings: 'b>c' }, { policies: 'c' }],
    ],
    [
      'of a policy that the certificate has not are without effect',
      'b',
      STRICT,
      [{ policies: 'b', mappings: 'a>c' }, { policies: 'b c' }],
    ],
    ['apply to anyPolicy', 'a', STRICT, [{ policies: 'any', mappings: 'a>b' }, { policies: 'b' }]],
    [
      'from anyPolicy are refused',
      'policy 6.1.4 (a)',
      OPEN,
      [{ policies: 'any', mappings: 'any>b' }, { policies: 'b' }],
    ],
    ['to anyPolicy are refused', 'policy 6.1.4 (a)', OPEN, [{ policies: 'a', mappings: 'a>any' }, { policies: 'b' }]],
    [
      'that are inhibited take the policy away',
      'policy 6.1.3 (f)',
      noMapping,
      [{ policies: 'a', mappings: 'a>b' }, { policies: 'a b' }],
    ],
    [
      'that are inhibited leave the other policies',
      'c',
      noMapping,
      [{ policies: 'a c', mappings: 'a>b' }, { policies: 'a b c' }],
    ],
    [
      'that a CA has inhibited take the policy away',
      'policy 6.1.3 (f)',
      STRICT,
      [{ policies: 'a', mapping: 0 }, { policies: 'a', mappings: 'a>b' }, { policies: 'b' }],
    ],
    [
      'are allowed for as many certificates as the CA says',
      'a',
      STRICT,
      [{ policies: 'a', mapping: 1 }, { policies: 'a', mappings: 'a>b' }, { policies: 'b' }],
    ],
    ['of the last certificate are not processed', 'a', STRICT, [{ policies: 'a', mappings: 'a>any' }]],
  ])('4.2.1.5 %s', (_, expected, inputs, path) => {
    expect(outcome(inputs, ...path)).toBe(expected);
  });
});

test('12.2 mappings of every policy to every other one cost no more than their number', () => {
  const letters = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const policies = letters.join(' ');
  const mappings = letters.flatMap((one) => letters.map((other) => `${one}>${other}`)).join(' ');
  const path = [...Array.from({ length: 8 }, () => certificate({ policies, mappings })), certificate({ policies })];
  let counted = 0;
  const result = run(STRICT, path, () => (counted += 1) > 0);
  expect('problem' in result).toBe(false);
  expect(counted).toBeLessThan(8_000);
});

test('12.2 an exhausted budget refuses', () => {
  let left = 10;
  const path = Array.from({ length: 8 }, () => certificate({ policies: 'a b c', mappings: 'a>b b>a' }));
  expect(run(OPEN, path, () => (left -= 1) >= 0)).toEqual({
    problem: 'budget',
    section: '6.1.3 (d)',
    detail: 'The certificate policies take too long to process.',
  });
});

test('12.2 every mapping is counted, also one of a policy that is not valid', () => {
  let counted = 0;
  const path = [certificate({ mappings: 'a>b b>a c>d' }), certificate({})];
  run(OPEN, path, () => (counted += 1) > 0);
  // Without policies there are no nodes to count.
  expect(counted).toBe(3);
});

test.each<[string, string, PolicyInputs, readonly Parts[]]>([
  [
    '6.1.3 (f)',
    'An explicit policy is required, and no policy is valid for the whole path.',
    STRICT,
    [{ policies: 'a' }, {}],
  ],
  ['6.1.4 (a)', 'A policy is mapped to or from anyPolicy.', OPEN, [{ policies: 'a', mappings: 'a>any' }, {}]],
  [
    '6.1.5 (g)',
    'An explicit policy is required, and none of the accepted ones is valid.',
    { ...STRICT, initialPolicySet: new Set(['b']) },
    [{ policies: 'a' }],
  ],
])('12.4 a refusal by %s says: %s', (section, detail, inputs, path) => {
  expect(run(inputs, path.map(certificate))).toEqual({ problem: 'policy', section, detail });
});

function failingNode(): boolean {
  throw new TypeError('a mistake');
}

test('12.2 an error of the budget itself is not taken for an exhausted one', () => {
  expect(() => run(OPEN, [certificate({ policies: 'a' })], failingNode)).toThrow(new TypeError('a mistake'));
});
