/** The columns of certificates as CSV that an import takes. */
export const IMPORTED_CERTIFICATE_COLUMNS: readonly string[] = [
  'userExtId',
  'certificateExtId',
  'policyExtId',
  'stateName',
  'certificate',
];

/** What only the server sets, or follows from the certificate. */
export const READ_ONLY_CERTIFICATE_COLUMNS: readonly string[] = [
  'stateChangeReason',
  'subjectDN',
  'issuerDN',
  'serial',
  'fingerprint',
  'certificateValidity.from',
  'certificateValidity.to',
  'lastSuccessfulLoginDate',
  'created',
  'lastModified',
  'version',
];
