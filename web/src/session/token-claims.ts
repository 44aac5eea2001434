interface Claims {
  readonly sub?: string;
  readonly client_ext_id?: string;
  /** In seconds since 1970. */
  readonly exp?: number;
}

/** What a JWT says, unverified: for display only, the server verifies it. */
export function claimsOf(token: string): Claims {
  const payload = token.split('.')[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
