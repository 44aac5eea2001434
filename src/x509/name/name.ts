/** One AttributeTypeAndValue of a distinguished name (RFC 5280 section 4.1.2.4). */
export interface NameAttribute {
  /** Dotted OID. */
  readonly type: string;
  /** The decoded text; undefined if the value is not a string type. */
  readonly value: string | undefined;
  /** The whole TLV of the value, for comparison and for types that are not strings. */
  readonly der: Buffer;
}

/** A distinguished name: RDNs in encoding order, each a set of attributes. */
export interface Name {
  readonly der: Buffer;
  readonly relativeDistinguishedNames: readonly (readonly NameAttribute[])[];
}
