/** The resources by which the operations are grouped, in the order of the page. */
export const TAGS = {
  clients: 'Clients: each has users, policies and credentials of its own, and is an account of the mTLS routes.',
  policies: 'What a client asks of the certificates and passwords of its users.',
  users: 'The users of a client.',
  credentials: 'What credentials of all types share.',
  certificates: "Certificate credentials: a user's X.509 certificate, its state, and how it came to it.",
  passwords: 'Password credentials: a user has one at the most.',
  trail: 'What was changed, deleted, used and refused in a client.',
  principal: 'The caller himself.',
  mtls:
    "LivePerson's mTLS service: PKCS#12 files with certificate and private key, kept in a vault. An account is the client " +
    'of that external ID. Neither file nor password is ever answered.',
} as const;
