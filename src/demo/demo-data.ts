/** The data that the first start creates for trying certkeep out. */
export const CLIENT = { extId: '100', name: 'Acme AG' } as const;

/** Contains the CA of the demo. */
export const TRUST_SET = {
  extId: 'acme',
  name: 'Acme',
  description: 'The CA that issues the certificates of the demo.',
} as const;

export const TOLERANT = {
  extId: 'tolerant',
  description: 'Stores a certificate that breaks a rule, but disabled.',
  defaultPolicy: true,
  parameters: {
    certificateUploadCheck: 'tolerant',
    certificateUploadCheckSubjectDNElements: 'USER_NAME',
    maxValidityDays: '825',
  },
} as const;

export const STRICT = {
  extId: 'strict',
  description: 'Refuses a certificate that breaks a rule.',
  defaultPolicy: false,
  parameters: {
    certificateUploadCheck: 'strict',
    certificateUploadCheckSubjectDNElements: 'USER_NAME',
    keyTypes: 'RSA:2048,EC:P-256,Ed25519',
    maxValidityDays: '397',
    requiredExtendedKeyUsage: 'clientAuth',
  },
} as const;

export const ADMINISTRATOR = {
  extId: 'admin',
  name: { firstName: 'Ada', familyName: 'Admin' },
  contacts: { email: 'ada@acme.example' },
} as const;

export const USER = {
  extId: 'jane',
  name: { firstName: 'Jane', familyName: 'Doe' },
  contacts: { email: 'jane@acme.example' },
} as const;

/** The credentials of the user. */
export const LAPTOP = { extId: 'laptop', policyExtId: STRICT.extId } as const;
export const PHONE = { extId: 'phone', policyExtId: TOLERANT.extId } as const;
/** Its policy has disabled it, because its certificate is another person's. */
export const TABLET = { extId: 'tablet', policyExtId: TOLERANT.extId } as const;

/** The key store of the demo and the password of its files. */
export const KEY_STORE = { name: 'payments', commonName: 'payments.acme.example', password: 'open-sesame' } as const;
