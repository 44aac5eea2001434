/** The resources by which the operations are grouped, in the order of the page. */
export const TAGS = {
  clients: 'A client has its own users, policies and credentials, and is an account of the mTLS routes.',
  policies: 'What a client requires of the certificates and passwords of its users.',
  'trust-anchor sets': 'The certificate authorities that a client trusts; policies name a set.',
  users: 'The owners of credentials.',
  credentials: 'Operations on credentials of all types.',
  certificates: "A user's X.509 certificates, their states and their history.",
  passwords: 'A user has at most one password.',
  'audit log': 'Who changed or deleted what in a client, which requests were refused, and who logged in.',
  principal: 'The authenticated caller.',
  mtls:
    "LivePerson's mTLS service: PKCS#12 files with a certificate and a private key, stored in a vault. An account is the " +
    'client with that external ID. Neither the file nor its password is ever returned.',
} as const;
