import { hasWords } from '../common/fold-case.js';
import { USER_VARIABLES, type SubjectDNElement } from './certificate-policy.model.js';
import { ATTRIBUTE_TYPES, isObjectIdentifier } from './certificate-vocabulary.js';
import { nearestName } from './nearest-name.rules.js';
import { inCode, type ParameterType, type Reading } from './parameter-types.rules.js';

/** One entry of `certificateUploadCheckSubjectDNElements`: `USER_NAME`, `Acme AG`, `O=Acme AG` (contract 6.2). */
export const subjectDNElement: ParameterType<SubjectDNElement> = {
  name: 'element of a subject',
  allowed:
    `a field of the user (${inCode(USER_VARIABLES)}); an attribute with its whole value, as in \`O=Acme AG\`, where the ` +
    'attribute type is a short name of OpenSSL or a dotted OID; or any other text, which must occur in the subject',
  form: { kind: 'text', suggestions: USER_VARIABLES },
  read: readElement,
};

function readElement(entry: string): Reading<SubjectDNElement> {
  const equals = entry.indexOf('=');
  if (equals >= 0) return attribute(entry.slice(0, equals).trim(), entry.slice(equals + 1).trim());
  const variable = USER_VARIABLES.find((name) => name === entry);
  if (variable !== undefined) return { value: { kind: 'variable', variable } };
  if (/^(USER|CRED)_/i.test(entry))
    return { expected: `elements with one of the variables ${USER_VARIABLES.join(', ')}` };
  return hasWords(entry)
    ? { value: { kind: 'text', text: entry } }
    : { expected: 'elements that contain at least one word' };
}

function attribute(name: string, text: string): Reading<SubjectDNElement> {
  const type = isObjectIdentifier(name) ? name : ATTRIBUTE_TYPES.get(name);
  if (type === undefined) {
    const near = nearestName(name, [...ATTRIBUTE_TYPES.keys()]);
    const hint = near === undefined ? '' : `, perhaps ${near}`;
    return { expected: `elements whose attribute type is a short name such as CN or a dotted OID${hint}` };
  }
  if (/^USER_/i.test(text)) return { expected: 'elements in which a variable stands alone, without an attribute type' };
  return hasWords(text)
    ? { value: { kind: 'attribute', name, type, text } }
    : { expected: `elements with a value; the value of ${name} is empty` };
}
