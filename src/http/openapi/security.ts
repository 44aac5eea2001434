/** The name of the scheme in the document; the header is `X_TOKEN_FIELD`. */
export const X_TOKEN_SCHEME = 'xToken';

export const X_TOKEN_DESCRIPTION =
  'The raw `access_token` of `POST /nevisidm/api/principal/v1/token`. Needed beside the bearer token for most changes by ' +
  'callers with `SelfAdmin` alone; verified wherever it is sent.';
