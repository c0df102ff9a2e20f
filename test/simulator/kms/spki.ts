/** DER prefix of a SubjectPublicKeyInfo for an uncompressed P-256 point (RFC 5480): ecPublicKey, prime256v1, BIT STRING of 65 bytes. */
const prefix = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

/** The public key as KMS returns it. `point` has 65 bytes and begins with 04. */
export function subjectPublicKeyInfo(point: Uint8Array): Uint8Array {
  return Buffer.concat([prefix, point]);
}
