/** The algorithm of a trusted key, by the names AWS KMS gives them. */
export type Algorithm = "ECDSA_SHA_256" | "ML_DSA_SHAKE_256";

/** `unsupported`: this platform has no such algorithm, so nothing was looked at. Never to be read as a yes. */
export type SignatureAnswer = "valid" | "invalid" | "unsupported";

/** All that the verifier needs from where it runs: the same code answers in Node, in a browser and in an evidence pack. */
export interface Primitives {
  readonly sha256: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** For git object ids alone. */
  readonly sha1: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** Throws where the bytes are no gzip, or unpack to more than `max` bytes. */
  readonly gunzip: (bytes: Uint8Array, max: number) => Promise<Uint8Array>;
  /** `message` is hashed by the algorithm itself. An ECDSA signature is DER that `derToRaw` takes; ML-DSA has the empty context. */
  readonly verifySignature: (
    algorithm: Algorithm,
    spki: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => Promise<SignatureAnswer>;
}
