import { readCharacterString } from '../der/character-string.js';
import { DerReader } from '../der/der-reader.js';
import { reading } from '../der/reading.js';
import { formatName, hexValue } from '../name/format-name.js';
import { safeText } from '../name/safe-text.js';
import type { GeneralName } from './extensions/general-name.js';
import { formatAddress } from './ip-address.js';

/** The types of names (RFC 5280 section 4.2.1.6), as they are shown. */
type AlternativeNameType =
  | 'dns'
  | 'email'
  | 'uri'
  | 'ip'
  | 'directoryName'
  | 'registeredId'
  | 'otherName'
  | 'x400Address'
  | 'ediPartyName';

/** A readable name in the one display form of its type. Only for display and search: names are compared by their DER. */
export interface AlternativeName {
  readonly type: AlternativeNameType;
  /**
   * - `dns`, `email`, `uri`: as written, with unsafe characters escaped.
   * - `ip`: dotted, or as RFC 5952 recommends.
   * - `directoryName`: as `formatName` writes it.
   * - `registeredId`: the dotted OID.
   * - `otherName`: the dotted OID, `=`, and the text, or `#` and the DER in hex.
   * - The other two: `#` and the DER in hex.
   */
  readonly value: string;
}

/** Without the names that cannot be read, which are findings. */
export function alternativeNames(names: readonly GeneralName[]): readonly AlternativeName[] {
  return names.flatMap(shown);
}

/** The URIs among `names`, in display form. */
export function addressesOf(names: readonly GeneralName[]): readonly string[] {
  return names.flatMap((name) => (name.kind === 'uniformResourceIdentifier' ? [safeText(name.value)] : []));
}

function shown(name: GeneralName): readonly AlternativeName[] {
  switch (name.kind) {
    case 'dNSName':
      return [{ type: 'dns', value: safeText(name.value) }];
    case 'rfc822Name':
      return [{ type: 'email', value: safeText(name.value) }];
    case 'uniformResourceIdentifier':
      return [{ type: 'uri', value: safeText(name.value) }];
    case 'iPAddress':
      return [{ type: 'ip', value: formatAddress(name.value) }];
    case 'directoryName':
      return [{ type: 'directoryName', value: formatName(name.value) }];
    case 'registeredID':
      return [{ type: 'registeredId', value: name.value }];
    case 'otherName':
      return [{ type: 'otherName', value: `${name.type}=${otherValue(name.value)}` }];
    case 'x400Address':
    case 'ediPartyName':
      return [{ type: name.kind, value: hexValue(name.value) }];
    default:
      return [];
  }
}

/** A text that begins with `#` has a backslash before it, as in a distinguished name. */
function otherValue(der: Buffer): string {
  const { value } = reading(() => readCharacterString(new DerReader(der).next(), []));
  if (value === undefined) return hexValue(der);
  return value.startsWith('#') ? `\\${safeText(value)}` : safeText(value);
}
