/** An element of `Accept` or `Accept-Encoding`: a name, and the quality that the caller gives it. */
interface Preference {
  readonly name: string;
  readonly quality: number;
}

/** The elements of the header (RFC 9110 section 12.4), in lower case. */
function preferencesOf(header: string): readonly Preference[] {
  return header.split(',').map((element) => {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
}

/** Whether the caller takes this coding. Without the header, only what is not coded is sent. */
export function acceptsCoding(header: string | undefined, coding: string): boolean {
  const preferences = preferencesOf(header ?? '');
  const found = preferences.find(({ name }) => name === coding) ?? preferences.find(({ name }) => name === '*');
  return found !== undefined && found.quality > 0;
}

/** Browsers name text/html when a person opens an address; programs name another type, or any (`*` + `/*`). */
export function asksForPage(header: string | undefined): boolean {
  return preferencesOf(header ?? '').some(({ name, quality }) => name === 'text/html' && quality > 0);
}
