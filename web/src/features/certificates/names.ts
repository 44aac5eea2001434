import { deceivingParts } from '../../components/deceiving-text.js';

const COMMON_NAME = /(?:^|[,+])CN=((?:\\.|[^,+\\])*)/s;
const ESCAPED = /\\([ "#+,;<=>\\])/g;
const MAX_TITLE = 80;

/** The first common name of a distinguished name in the form of the server, or the name itself. */
export function commonName(distinguishedName: string): string {
  const value = COMMON_NAME.exec(distinguishedName)?.[1];
  return value === undefined || value === '' ? distinguishedName : value.replaceAll(ESCAPED, '$1');
}

interface Named {
  readonly subjectDN?: string;
  readonly extId: string;
}

/** What a certificate is called in a list. */
export function nameOf({ subjectDN, extId }: Named): string {
  return subjectDN === undefined || subjectDN === '' ? extId : commonName(subjectDN);
}

/** As `nameOf`, short, and with the names of the characters that nobody would see: for titles, which are text only. */
export function titleOf(named: Named): string {
  const name = nameOf(named);
  const shown = name.length > MAX_TITLE ? `${name.slice(0, MAX_TITLE)}…` : name;
  return deceivingParts(shown)
    .map((part) => (part.kind === 'text' ? part.text : `[${part.name}]`))
    .join('');
}
