import { CERTIFICATE_PARAMETERS, EVALUATED, OUR_CHECKS, STORED_ONLY } from './certificate-parameters.rules.js';
import type { CertificatePolicy } from './certificate-policy.model.js';
import { withLocking } from './login-locking.rules.js';
import { boolean } from './parameter-types.rules.js';
import { ParameterReader, type PolicyReading, type ValuesOf } from './policy-parameters.rules.js';

type CheckName = keyof typeof OUR_CHECKS;

const CHECK_NAMES = Object.keys(OUR_CHECKS) as readonly CheckName[];

/**
 * Parses the parameters of a CertificatePolicy (contract 6, 6.1). Reports all errors at once, with the name of the
 * parameter as the field. Also used for stored parameters; it does not cache, so callers on a hot path must.
 */
export function readCertificatePolicy(parameters: Readonly<Record<string, string>>): PolicyReading<CertificatePolicy> {
  const reader = new ParameterReader(parameters);
  reader.refuseOthers(CERTIFICATE_PARAMETERS);
  reader.read(STORED_ONLY);
  const values = reader.read(EVALUATED);
  const check = values.certificateUploadCheck ?? (CHECK_NAMES.some((name) => asks(values, name)) ? 'strict' : 'none');
  if (values.certificateUploadCheck === 'none') refuseChecksWithoutEffect(reader);
  if (values.revocationCheck !== 'none' && reader.text('trustAnchors') === undefined) refuseWithoutPath(reader, values);
  const on = check !== 'none';
  return reader.finish({
    ...withLocking(values),
    certificateUploadCheck: check,
    requireCurrentlyValid: values.requireCurrentlyValid ?? on,
    wellFormed: values.wellFormed ?? on,
  });
}

/** A parameter that is set to false or none requires nothing. */
function asks(checks: ValuesOf<typeof OUR_CHECKS>, name: CheckName): boolean {
  const value = checks[name];
  return Array.isArray(value) ? value.length > 0 : Boolean(value) && value !== 'none';
}

function refuseChecksWithoutEffect(reader: ParameterReader): void {
  const idle = CHECK_NAMES.filter((name) => {
    const text = reader.text(name);
    const isOff = name === 'revocationCheck' ? text === 'none' : text === 'false' && OUR_CHECKS[name].type === boolean;
    return text !== undefined && !isOff;
  });
  if (idle.length === 0) return;
  reader.refuse(
    'certificateUploadCheck',
    `certificateUploadCheck none would leave ${idle.join(', ')} without effect.`,
    {
      expected: 'tolerant or strict',
      found: 'none',
      remedy: 'Set it to tolerant or strict, or remove the checks.',
    },
  );
}

/** Contract 13.1: what is revoked is asked of a proven path. */
function refuseWithoutPath(reader: ParameterReader, { revocationCheck }: ValuesOf<typeof OUR_CHECKS>): void {
  reader.refuse(
    'revocationCheck',
    `revocationCheck ${revocationCheck} needs trustAnchors: it is asked of a proven path.`,
    {
      expected: 'trustAnchors beside it',
      found: 'no trustAnchors',
      remedy: 'Set trustAnchors to the extId of a trust-anchor set, or remove revocationCheck.',
    },
  );
}
