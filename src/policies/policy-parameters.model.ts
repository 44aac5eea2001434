import { PARAMETER_NAMES } from './policy-types.rules.js';

/** The longest values are lists of issuers and elements; the limit of the body is not much higher. */
export const PARAMETER_LIMITS = { names: 100, nameLength: 100, valueLength: 10_000 };

export const EXAMPLE = { certificateUploadCheck: 'strict', maxValidityDays: '397' };

/** The member `parameters` of requests that replace them, for other features. */
export const PARAMETERS_OF_POLICY = {
  limits: PARAMETER_LIMITS,
  documented: { description: `All parameters of the changed policy. ${PARAMETER_NAMES}`, example: EXAMPLE },
};
