export interface Health {
  readonly status: 'up' | 'down';
  readonly parts: Readonly<Record<string, 'up' | 'down'>>;
}

export function healthOf(body: unknown): Health | undefined {
  if (typeof body !== 'object' || body === null || !('status' in body) || !('parts' in body)) return undefined;
  return body as Health;
}

/** Samples without labels of the text format of Prometheus, by name. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', value = ''] = line.split(' ');
    if (/^[a-z_]+$/.test(name) && value !== '' && Number.isFinite(Number(value))) samples.set(name, Number(value));
  }
  return samples;
}
