// Part of the migration of the same subject, and therefore never edited once that has been released.

/** An index, and what comes after `create index name`. */
export interface SearchIndex {
  readonly name: string;
  readonly on: string;
  /** Whether it needs the extension pg_trgm, which a server may lack. */
  readonly ofTrigrams?: boolean;
}

/** In the order of the pages within each value. */
const pagesOf = (name: string, ...columns: readonly string[]): SearchIndex => ({
  name: `credentials_of_${name}`,
  on: `on credentials (${['client_ext_id', ...columns, 'created', 'ext_id'].join(', ')}) where type = 'Certificate'`,
});

/**
 * PostgreSQL refuses an index entry of more than 2,700 octets, and with it the row, so that only the start of a value
 * without a limit is in the index. Of all types of credentials: the planner uses the statistics of an expression only if
 * its index has no condition.
 */
const pagesOfStart = (name: string, start: string): SearchIndex => ({
  name: `credentials_of_${name}`,
  on: `on credentials (client_ext_id, ${start}, created, ext_id)`,
});

/** What certificates and their users are searched by (ADR 45). No login and no comment changes any of these columns. */
export const SEARCH_INDEXES: readonly SearchIndex[] = [
  pagesOf('client'),
  pagesOf('policy', 'policy_ext_id'),
  pagesOf('issuer', 'issuer_name_sha256'),
  pagesOf('subject', 'subject_name_sha256'),
  pagesOfStart('serial', `left(ltrim(serial, '0'), 64)`),
  pagesOf('sha1', 'sha1'),
  pagesOfStart('ski', 'substring(ski, 1, 64)'),
  pagesOfStart('aki', 'substring(authority_key_identifier, 1, 64)'),
  pagesOf('public_key', 'public_key_sha256'),
  pagesOf('key_type', 'key_type'),
  pagesOf('signature', 'signature_algorithm'),
  pagesOf('expiry', 'valid_to'),
  {
    name: 'credentials_names_and_purposes',
    on: `on credentials using gin (subject_alternative_names, extended_key_usage) where type = 'Certificate'`,
  },
  {
    name: 'credentials_text_trigrams',
    on: `on credentials using gin
      (replace(lower(ext_id) || E'\\n' || coalesce(searched_text, ''), ' ', 'q') gin_trgm_ops)`,
    ofTrigrams: true,
  },
  {
    name: 'users_login_trigrams',
    on: `on users using gin
      (replace(login_id_folded || E'\\n' || lower(coalesce(email, '') collate "C"), ' ', 'q') gin_trgm_ops)`,
    ofTrigrams: true,
  },
];

/** By which users are found by a part (ADR 46); created together with the columns of the search. */
export const USER_TEXT_INDEX: SearchIndex = {
  name: 'users_text_trigrams',
  on: `on users using gin (replace(search_text, ' ', 'q') gin_trgm_ops)`,
  ofTrigrams: true,
};

/** A role that may not create extensions, and a server that does not have this one, are no reason to refuse the upgrade. */
export const CREATE_TRIGRAMS = `do $$ begin
    create extension if not exists pg_trgm;
  exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise notice 'the extension pg_trgm is not available: %', sqlerrm;
  end $$`;
