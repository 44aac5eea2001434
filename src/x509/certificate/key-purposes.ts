/** Key purposes by their names in the RFCs that define them (RFC 5280 section 4.2.1.12 and later), as dotted OIDs. */
export const keyPurposes: ReadonlyMap<string, string> = new Map([
  ['anyExtendedKeyUsage', '2.5.29.37.0'],
  ['serverAuth', '1.3.6.1.5.5.7.3.1'],
  ['clientAuth', '1.3.6.1.5.5.7.3.2'],
  ['codeSigning', '1.3.6.1.5.5.7.3.3'],
  ['emailProtection', '1.3.6.1.5.5.7.3.4'],
  ['timeStamping', '1.3.6.1.5.5.7.3.8'],
  ['OCSPSigning', '1.3.6.1.5.5.7.3.9'],
  ['pkinit-KPClientAuth', '1.3.6.1.5.2.3.4'],
  ['pkinit-KPKdc', '1.3.6.1.5.2.3.5'],
  ['documentSigning', '1.3.6.1.5.5.7.3.36'],
  ['msSmartcardLogin', '1.3.6.1.4.1.311.20.2.2'],
]);
