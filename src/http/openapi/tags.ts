/** The resources by which the operations are grouped, in the order of the page. */
export const TAGS = {
  clients: 'Each has users, policies and credentials of its own, and is an account of the mTLS routes.',
  policies: 'What a client asks of the certificates and passwords of its users.',
  users: 'Whose the credentials are.',
  credentials: 'What credentials of all types share.',
  certificates: "A user's X.509 certificates, their states, and how they came to them.",
  passwords: 'A user has one at the most.',
  'audit log': 'Who changed, deleted and was refused what in a client, and who logged in.',
  principal: 'The caller himself.',
  mtls:
    "LivePerson's mTLS service: PKCS#12 files with certificate and private key, kept in a vault. An account is the client " +
    'of that external ID. Neither file nor password is ever answered.',
} as const;
