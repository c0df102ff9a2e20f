/** DER prefix of a SubjectPublicKeyInfo for an uncompressed P-256 point (RFC 5480): ecPublicKey, prime256v1, BIT STRING of 65 bytes. */
const p256 = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");
/** The same for an ML-DSA-65 public key (RFC 9881): id-ml-dsa-65 without parameters, BIT STRING of 1952 bytes. */
const mlDsa65 = Buffer.from("308207b2300b0609608648016503040312038207a100", "hex");

/** The public key as KMS returns it. `point` has 65 bytes and begins with 04. */
export const p256Info = (point: Uint8Array): Uint8Array => Buffer.concat([p256, point]);

/** The same of an ML-DSA-65 key. `key` has 1952 bytes. */
export const mlDsa65Info = (key: Uint8Array): Uint8Array => Buffer.concat([mlDsa65, key]);
