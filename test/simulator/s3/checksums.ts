/** Checks what a client says about a body, and keeps it to say again. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ApiError } from "../service.ts";
import { crc32c, crc64nvme } from "./crc.ts";

const base64Number = (value: bigint, bytes: number) =>
  Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex").toString("base64");
const hashed = (algorithm: string) => (body: Uint8Array) => createHash(algorithm).update(body).digest("base64");

/** By SDK member name. */
const algorithms: Readonly<Record<string, (body: Uint8Array) => string>> = {
  ChecksumCRC32: (body) => base64Number(BigInt(crc32(body)), 4),
  ChecksumCRC32C: (body) => base64Number(BigInt(crc32c(body)), 4),
  ChecksumCRC64NVME: (body) => base64Number(crc64nvme(body), 8),
  ChecksumSHA1: hashed("sha1"),
  ChecksumSHA256: hashed("sha256"),
  ChecksumSHA512: hashed("sha512"),
  ChecksumMD5: hashed("md5"),
};

/** The checksums sent with a body, all found right. `BadDigest` where one is wrong. */
export function verifiedChecksums(
  input: Readonly<Record<string, unknown>>,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  const md5 = input["ContentMD5"];
  if (md5 !== undefined && md5 !== hashed("md5")(body)) {
    throw new ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.", {}, 400);
  }
  const given: Record<string, string> = {};
  for (const [member, compute] of Object.entries(algorithms)) {
    const claimed = input[member];
    if (typeof claimed !== "string") continue;
    if (claimed !== compute(body)) {
      const name = member.replace("Checksum", "").toUpperCase();
      throw new ApiError("BadDigest", `The ${name} you specified did not match the calculated checksum.`, {}, 400);
    }
    given[member] = claimed;
  }
  return given;
}

/** Whether a body came with any proof of its integrity, which Object Lock puts must have. */
export function hasIntegrityCheck(input: Readonly<Record<string, unknown>>): boolean {
  return (
    input["ContentMD5"] !== undefined ||
    input["ChecksumAlgorithm"] !== undefined ||
    Object.keys(algorithms).some((name) => name in input)
  );
}
