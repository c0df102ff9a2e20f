#!/usr/bin/env node
// The verifier of Holdfast's signed reports, whole: it needs Node 20 or newer (24 for ML-DSA) and nothing else.
// Generated from controller/verifier by npm run generate; made to be read, so it is not minified.

// controller/verifier/main.ts
import { readFile as readFile2 } from "node:fs/promises";
import { join as join2 } from "node:path";
import { parseArgs } from "node:util";

// controller/verifier/checks.ts
var CHECKS = {
  "no-reports": "intact",
  keys: "intact",
  "keys-policy": "intact",
  envelope: "intact",
  "payload-type": "intact",
  base64: "intact",
  signature: "intact",
  der: "intact",
  "key-id": "intact",
  "required-keys": "intact",
  "signature-list": "intact",
  transition: "intact",
  utf8: "intact",
  canonical: "intact",
  number: "intact",
  schema: "intact",
  subject: "intact",
  manifest: "intact",
  summary: "intact",
  unchanged: "intact",
  carried: "intact",
  supersedes: "intact",
  "run-times": "intact",
  attachment: "intact",
  "manifest-list": "intact",
  "file-name": "complete",
  sequence: "complete",
  "chain-id": "complete",
  link: "complete",
  log: "complete",
  window: "complete",
  order: "complete",
  start: "complete",
  due: "complete",
  period: "complete",
  versions: "complete",
  "attachment-missing": "complete",
  "pack-missing": "complete",
  source: "sourced",
  pack: "sourced",
  commit: "sourced",
  tree: "sourced",
  "manifest-root": "sourced",
  head: "anchored"
};
var Refused = class extends Error {
  check;
  constructor(check, message, options = {}) {
    super(message, options);
    this.name = "Refused";
    this.check = check;
  }
};
async function refusal(run) {
  try {
    return { value: await run() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: { check: error.check, message: error.message } };
  }
}

// controller/verifier/folder.ts
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
async function openFolder(path, chainId) {
  if (!(await stat(path)).isDirectory()) return { reports: filesAt([path]), sample: true };
  const root = await isFolder(join(path, "v1", chainId)) ? join(path, "v1", chainId) : path;
  const reports = await isFolder(join(root, "reports")) ? join(root, "reports") : root;
  const [attachments, git] = [join(root, "attachments"), join(root, "git")];
  return {
    reports: filesAt(await namesIn(reports, reports === root)),
    sample: false,
    ...await isFolder(attachments) ? { attachment: (sha256) => readIfThere(join(attachments, sha256)) } : {},
    ...await isFolder(git) ? { pack: (commit) => readIfThere(join(git, `${commit}.pack`)) } : {}
  };
}
async function namesIn(folder, mixed) {
  const names = await readdir(folder);
  return names.filter((name) => !mixed || name.endsWith(".dsse.json")).toSorted().map((name) => join(folder, name));
}
async function* filesAt(paths) {
  for (const path of paths) yield { name: basename(path), bytes: new Uint8Array(await readFile(path)) };
}
async function isFolder(path) {
  const found = await stat(path).catch(() => void 0);
  return found?.isDirectory() ?? false;
}
async function readIfThere(path) {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return void 0;
    throw error;
  }
}

// controller/verifier/bytes.ts
var hex = (bytes) => {
  let text2 = "";
  for (const byte of bytes) text2 += byte.toString(16).padStart(2, "0");
  return text2;
};
var fromHex = (text2) => Uint8Array.from({ length: text2.length / 2 }, (_, at) => Number.parseInt(text2.slice(2 * at, 2 * at + 2), 16));
function concat(...parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
function compareBytes(a, b) {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return a.length - b.length;
}
var sameBytes = (a, b) => a.length === b.length && compareBytes(a, b) === 0;
var encoder = new TextEncoder();
var utf8 = (text2) => encoder.encode(text2);
var byBytes = (a, b) => compareBytes(utf8(a), utf8(b));
function decodeUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Refused("utf8", "is not valid UTF-8", { cause });
  }
}
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
var VALUES = new Int8Array(128).fill(-1);
for (let at = 0; at < ALPHABET.length; at++) VALUES[ALPHABET.charCodeAt(at)] = at;
var notStrict = () => new Refused("base64", "holds base64 that is not in its one strict spelling");
function decodeBase64(text2) {
  const padding = text2.endsWith("==") ? 2 : text2.endsWith("=") ? 1 : 0;
  if (text2.length % 4 !== 0) throw notStrict();
  const bytes = new Uint8Array(text2.length / 4 * 3 - padding);
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let at = 0; at < text2.length - padding; at++) {
    const value = VALUES[text2.charCodeAt(at)] ?? -1;
    if (value < 0) throw notStrict();
    held = (held << 6 | value) & 65535;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to++] = held >> bits;
  }
  if ((held & (1 << bits) - 1) !== 0) throw notStrict();
  return bytes;
}

// controller/verifier/der.ts
var SIZE = 32;
var SEQUENCE = 48;
var INTEGER = 2;
var refused = (why) => new Refused("der", `has an ECDSA signature that is not strict DER: ${why}`);
function derToRaw(der) {
  if (der[0] !== SEQUENCE) throw refused("it is not a sequence");
  const length = der[1] ?? 0;
  if (length >= 128) throw refused("its length is in long form");
  if (der.length !== 2 + length) throw refused(der.length < 2 + length ? "it is cut short" : "bytes follow it");
  const raw = new Uint8Array(2 * SIZE);
  const end = readInteger(der, readInteger(der, 2, raw.subarray(0, SIZE)), raw.subarray(SIZE));
  if (end !== der.length) throw refused("bytes follow its two integers");
  return raw;
}
function readInteger(der, from, to) {
  if (der[from] !== INTEGER) throw refused("it does not hold two integers");
  const length = der[from + 1] ?? 0;
  const end = from + 2 + length;
  if (length === 0) throw refused("an integer is empty");
  if (length >= 128) throw refused("an integer's length is in long form");
  if (end > der.length) throw refused("an integer is cut short");
  const [first = 0, second = 0] = der.subarray(from + 2, end);
  if (first >= 128) throw refused("an integer is negative");
  if (first === 0 && length === 1) throw refused("an integer is zero");
  if (first === 0 && second < 128) throw refused("an integer is padded");
  const value = der.subarray(from + 2 + (first === 0 ? 1 : 0), end);
  if (value.length > to.length) throw refused("an integer is too long");
  to.set(value, to.length - value.length);
  return end;
}
var P256 = Uint8Array.of(
  48,
  89,
  48,
  19,
  6,
  7,
  42,
  134,
  72,
  206,
  61,
  2,
  1,
  6,
  8,
  42,
  134,
  72,
  206,
  61,
  3,
  1,
  7,
  3,
  66,
  0,
  4
);
var ML_DSA_65 = Uint8Array.of(
  48,
  130,
  7,
  178,
  48,
  11,
  6,
  9,
  96,
  134,
  72,
  1,
  101,
  3,
  4,
  3,
  18,
  3,
  130,
  7,
  161,
  0
);
var begins = (bytes, head) => head.every((byte, at) => bytes[at] === byte);
function algorithmOf(spki) {
  if (spki.length === 91 && begins(spki, P256)) return "ECDSA_SHA_256";
  if (spki.length === 1974 && begins(spki, ML_DSA_65)) return "ML_DSA_SHAKE_256";
  return void 0;
}

// controller/verifier/json.ts
var DEEPEST = 200;
function canonical(value, depth = 0) {
  if (depth > DEEPEST) throw new Refused("canonical", `is nested deeper than ${DEEPEST} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (typeof value === "string") return canonicalText(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new Refused("canonical", "is not a JSON value");
  const members = Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([name, member]) => `${canonicalText(name)}:${canonical(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}
function canonicalNumber(value) {
  if (!Number.isSafeInteger(value))
    throw new Refused(
      "number",
      `holds the number ${value}: statements hold integers up to 2^53-1, and text for the rest`
    );
  return String(value);
}
function canonicalText(text2) {
  if (!text2.isWellFormed()) throw new Refused("canonical", "holds text with a lone surrogate");
  return JSON.stringify(text2);
}
function parseCanonical(bytes) {
  const text2 = decodeUtf8(bytes);
  const value = parseJson(text2);
  if (canonical(value) !== text2)
    throw new Refused("canonical", "is not spelled canonically (RFC 8785): a member twice, or white space");
  return value;
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch (cause) {
    throw new Refused("canonical", "is not JSON", { cause });
  }
}

// controller/verifier/shape.ts
var wrong = (at, wanted) => new Refused("schema", `${at || "the statement"} is not ${wanted}`);
var text = (value, at) => {
  if (typeof value !== "string") throw wrong(at, "text");
  return value;
};
var truth = (value, at) => {
  if (typeof value !== "boolean") throw wrong(at, "true or false");
  return value;
};
var integer = (min = 0) => (value, at) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min)
    throw wrong(at, `an integer from ${min} on`);
  return value;
};
var matching = (pattern, wanted) => (value, at) => {
  if (typeof value !== "string" || !pattern.test(value)) throw wrong(at, wanted);
  return value;
};
var sha256Hex = matching(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hex");
var sha1Hex = matching(/^[0-9a-f]{40}$/, "a git object id of 40 hex digits");
var uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a UUID in lower case");
var time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, "a time as RFC 3339 writes it in UTC");
var instant = (value, at) => {
  const said = time(value, at);
  if (Number.isNaN(Date.parse(said))) throw wrong(at, "a time that there is");
  return said;
};
var oneOf = (...values) => (value, at) => {
  const found = values.find((one2) => one2 === value);
  if (found === void 0) throw wrong(at, values.join(" or "));
  return found;
};
var list = (item, max = Number.POSITIVE_INFINITY) => (value, at) => {
  if (!Array.isArray(value)) throw wrong(at, "a list");
  if (value.length > max) throw wrong(at, `a list of at most ${max}`);
  return value.map((one2, index) => item(one2, `${at}[${index}]`));
};
var nullable = (shape) => (value, at) => value === null ? null : shape(value, at);
var optional = (shape) => (value, at) => value === void 0 ? void 0 : shape(value, at);
var anything = (value) => value;
var isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
var object = (shapes) => (value, at) => {
  if (!isObject(value)) throw wrong(at, "an object");
  const members = Object.entries(shapes).map(([name, shape]) => [
    name,
    shape(Object.hasOwn(value, name) ? value[name] : void 0, at === "" ? name : `${at}.${name}`)
  ]);
  return Object.fromEntries(members);
};
var table = (shape) => (value, at) => {
  if (!isObject(value)) throw wrong(at, "an object");
  return new Map(Object.entries(value).map(([name, member]) => [name, shape(member, `${at}.${name}`)]));
};

// controller/verifier/keys.ts
var Shape = object({
  version: integer(1),
  chainId: uuid,
  keys: list(
    object({
      keyid: sha256Hex,
      algorithm: oneOf("ECDSA_SHA_256", "ML_DSA_SHAKE_256"),
      spki: text,
      protection: oneOf("aws-kms", "local-file"),
      validFromSequence: integer(1),
      validToSequence: optional(integer(1)),
      status: optional(oneOf("active", "retired", "revoked"))
    }),
    1e3
  ),
  policy: list(object({ fromSequence: integer(1), threshold: integer(1), keyids: list(sha256Hex, 100) }), 1e3)
});
async function readKeys(file, primitives) {
  try {
    const value = parseJson(decodeUtf8(file));
    refuseSecondSpelling(decodeUtf8(file), value);
    const keys = Shape(value, "");
    if (keys.version !== 1) throw new Refused("keys", `is version ${keys.version}, and this verifier reads version 1`);
    const wrong2 = policyFault(keys) ?? await keyFault(keys, primitives);
    if (wrong2 !== void 0) throw new Refused("keys", wrong2);
    return keys;
  } catch (error) {
    if (error instanceof Refused && error.check !== "keys")
      throw new Refused("keys", `is no list of keys: ${error.message}`, { cause: error });
    throw error;
  }
}
function refuseSecondSpelling(text2, value) {
  const bare = text2.replaceAll(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, "$1");
  if (bare !== JSON.stringify(value))
    throw new Refused("keys", "has a member twice, or text or a number in an unusual spelling");
}
function policyFault({ keys, policy }) {
  const known = new Set(keys.map(({ keyid }) => keyid));
  if (keys.length === 0) return "has no keys";
  if (known.size !== keys.length) return "lists a key twice";
  if (policy[0]?.fromSequence !== 1) return "has no policy for the first report";
  for (const [at, { fromSequence, threshold, keyids }] of policy.entries()) {
    if (at > 0 && fromSequence <= (policy[at - 1]?.fromSequence ?? 0)) return "has policies out of order";
    if (new Set(keyids).size !== keyids.length) return `names a key twice in the policy from report ${fromSequence}`;
    if (threshold > keyids.length) return `asks for more signatures than keys from report ${fromSequence} on`;
    if (!keyids.every((keyid) => known.has(keyid)))
      return `names an unknown key in the policy from report ${fromSequence}`;
  }
  return void 0;
}
async function keyFault({ keys }, { sha256 }) {
  for (const { keyid, algorithm, spki } of keys) {
    const der = decodeBase64(spki);
    if (hex(await sha256(der)) !== keyid) return `has a key ${keyid} that is not the SHA-256 of its spki`;
    if (algorithmOf(der) !== algorithm) return `has a key ${keyid} that is not one for ${algorithm}`;
  }
  return void 0;
}
var policyAt = ({ policy }, sequence) => policy.findLast(({ fromSequence }) => fromSequence <= sequence) ?? policy[0];
var policyFrom = ({ policy }, sequence) => policy.find(({ fromSequence }, at) => at > 0 && fromSequence === sequence);
function keysAt(keys, sequence) {
  const { keyids } = policyAt(keys, sequence);
  return keys.keys.filter(
    (key) => keyids.includes(key.keyid) && key.validFromSequence <= sequence && (key.validToSequence === void 0 || sequence <= key.validToSequence)
  );
}

// controller/verifier/node.ts
import { createHash, createPublicKey, verify } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
var nodePrimitives = {
  sha256: async (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  sha1: async (bytes) => new Uint8Array(createHash("sha1").update(bytes).digest()),
  gunzip: async (bytes, max) => new Uint8Array(await unpack(bytes, { maxOutputLength: max })),
  verifySignature: async (algorithm, spki, message, signature) => {
    const raw = algorithm === "ECDSA_SHA_256" ? derToRaw(signature) : signature;
    const key = publicKey(spki);
    if (!key) return algorithm === "ECDSA_SHA_256" ? "invalid" : "unsupported";
    return isValid(algorithm, key, message, raw) ? "valid" : "invalid";
  }
};
var unpack = promisify(gunzip);
function publicKey(spki) {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return void 0;
  }
}
var isValid = (algorithm, key, message, signature) => algorithm === "ECDSA_SHA_256" ? verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature) : verify(null, message, key, signature);

// controller/verifier/verification.ts
var QUESTIONS = ["intact", "complete", "sourced", "anchored"];

// controller/verifier/text.ts
var visible = (text2) => text2.replaceAll(
  new RegExp("\\p{Cc}|\\p{Cf}|\\p{Zl}|\\p{Zp}", "gu"),
  (one2) => `\\u${(one2.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`
);
function verdictText(given) {
  const { problems, limitations, late, keys, head, reports } = given;
  return [
    ...QUESTIONS.map((question) => `${question.toUpperCase().padEnd(10)}${given[question]}`),
    "",
    ...problems.map(({ file, check, message }) => [...file === "" ? [] : [file], check, message].join(": ")),
    ...late.map(
      ({ sequence, dueBefore, finishedOn }) => `Late: report ${sequence} was due before ${dueBefore} and finished at ${finishedOn}`
    ),
    ...keys.map(
      ({ keyid, algorithm, protection, reports: signed, unchecked }) => `Key: ${keyid} ${algorithm} ${protection}, signed ${signed}${unchecked > 0 ? `, NOT CHECKED in ${unchecked}` : ""}`
    ),
    ...limitations.map((limitation) => `Limit: ${limitation}`),
    ...head ? [`Last report: ${head.sequence}:${head.payloadSha256}`] : [],
    `${reports} reports read, ${problems.length} problems`
  ].map(visible).join("\n");
}
function exitCodeOf(answer, asked) {
  const all = QUESTIONS.map((question) => answer[question]);
  if (all.includes("no")) return 5;
  const open = QUESTIONS.some((question) => (asked[question] ?? question === "intact") && answer[question] !== "yes");
  return open ? 4 : 0;
}

// controller/verifier/limitations.ts
function limitationsOf(walk, keys, options) {
  return [
    "A signature proves who said this and that it was not altered since, not that it is true: match request ids with CloudTrail.",
    ...genesisLimits(walk),
    ...keyLimits(walk, keys),
    ...attachmentLimits(walk, options),
    ...sourceLimits(walk, options),
    ...headLimits(walk, options)
  ];
}
function genesisLimits({ first }) {
  const { chain, supersedes } = first?.statement.predicate ?? {};
  if (supersedes)
    return [
      `It supersedes chain ${supersedes.chain} after ${supersedes.reports} reports, on ${supersedes.on}: ${supersedes.reason}. Nothing that those reports say is proven by this chain.`
    ];
  const before = chain?.genesis?.supersedes;
  if (!before) return [];
  return [
    `It supersedes chain ${before.chainId} after ${before.sequence} reports: ${chain.genesis?.reason}. Nothing that those reports say is proven by this chain.`
  ];
}
function keyLimits({ signed }, { keys }) {
  const limits = [];
  if ([...signed.values()].some(({ unchecked }) => unchecked > 0))
    limits.push("P-256 only, ML-DSA not checked: this platform cannot verify the second signature.");
  if (keys.some(({ keyid, protection }) => protection === "local-file" && signed.has(keyid)))
    limits.push("A signing key is a file: integrity against outsiders only, not against those who can read the file.");
  for (const { keyid } of keys.filter(({ status }) => status === "revoked"))
    limits.push(`Key ${keyid} was revoked: what it alone signed rests on the reports after it.`);
  return limits;
}
var attachmentLimits = ({ unfollowed }, { attachment }) => [
  ...attachment ? [] : ["No attachment was at hand: their digests are signed, their bytes were not looked at."],
  ...unfollowed.length === 0 ? [] : [
    `${unfollowed.length} short reports, the first ${unfollowed[0]}, refer to a full report that is not among these.`
  ]
];
function sourceLimits({ unmatched, signedCommits }, { repository }) {
  return [
    ...[...unmatched].map(([why, count]) => `${count} reports could not be compared with their commit: each ${why}.`),
    ...repository && signedCommits > 0 ? ["Commits have signatures of their own, which were not checked: git verify-commit checks them."] : [],
    "Timestamp tokens and CloudTrail's Sign events, where there are any, are for other tools to check."
  ];
}
var headLimits = ({ last }, { head, sample = false }) => [
  ...head ? [] : [
    "Without a pin from outside the store, a cut-off tail and a chain written anew with the same keys do not show."
  ],
  ...head && last && last.sequence > head.sequence ? [`Reports after ${head.sequence} are newer than the pin: a cut-off tail would not show.`] : [],
  ...sample ? ["Reports were picked one by one: which others there are was not asked."] : []
];

// controller/verifier/sections.ts
var SECTIONS = [
  "resources",
  "held",
  "changes",
  "actions",
  "recovered",
  "observations",
  "listings",
  "governed",
  "deletions",
  "groups",
  "tallies",
  "restoreTests",
  "vaults",
  "exceptions",
  "misnamed",
  "restoreTimes",
  // Lists within a section.
  "coverage.unprotected",
  "jobs.failed",
  "jobs.rpoBreaches",
  "jobsSinceSurvey.failed"
];
var ONCE_UNCOUNTED = /* @__PURE__ */ new Set(["jobs.rpoBreaches"]);
var attachmentOf = (section) => `${section}.ndjson.gz`;
var sectionOf = (attachment) => SECTIONS.find((section) => attachmentOf(section) === attachment);
function* summaryFindings({ predicate, raw }) {
  const elsewhere = new Set(predicate.unchanged?.sections);
  for (const section of SECTIONS) {
    const rows = lengthOf(raw.predicate, section);
    const moved = predicate.attachments.some(({ name }) => name === attachmentOf(section));
    const counted = predicate.summary.get(section);
    const wrong2 = moved || elsewhere.has(section) ? (rows ?? 0) !== 0 || counted === void 0 || moved && elsewhere.has(section) : rows === void 0 || rows === 0 && ONCE_UNCOUNTED.has(section) ? (counted ?? 0) !== 0 : counted !== rows;
    if (wrong2)
      yield {
        check: "summary",
        message: `counts ${counted ?? "no"} rows in ${section}, and has ${rows ?? "none"}${moved ? " beside an attachment" : ""}`
      };
  }
}
function lengthOf(predicate, section) {
  let value = predicate;
  for (const name of section.split("."))
    value = typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : void 0;
  return Array.isArray(value) ? value.length : void 0;
}

// controller/verifier/content.ts
var SUMS = "SHA256SUMS";
function* contentFindings(statement, opened, keys) {
  const { predicate } = statement;
  yield* signingFindings(predicate, opened, keys);
  yield* subjectFindings(statement);
  yield* summaryFindings(statement);
  yield* carriedFindings(predicate);
  yield* genesisFindings(predicate);
  if (Date.parse(predicate.run.finishedOn) < Date.parse(predicate.run.startedOn))
    yield { check: "run-times", message: `finished at ${predicate.run.finishedOn}, before it started` };
}
function* signingFindings({ signing }, { signedBy, unchecked }, { keys }) {
  for (const keyid of signing.required)
    if (!signedBy.has(keyid) && !unchecked.has(keyid))
      yield { check: "required-keys", message: `asks for a signature by ${keyid}, and there is none` };
  for (const said of signing.keys) {
    const trusted = keys.find(({ keyid }) => keyid === said.keyid);
    if (trusted && (trusted.algorithm !== said.algorithm || trusted.protection !== said.protection))
      yield {
        check: "keys-policy",
        message: `calls ${said.keyid} a key for ${said.algorithm} in ${said.protection}, and keys.json one for ${trusted.algorithm} in ${trusted.protection}`
      };
  }
}
var isCommit = ({ digest }) => digest.has("gitCommit");
var isList = ({ name, digest }) => name === SUMS && !digest.has("gitBlob");
var isPack = ({ name, digest }) => name !== void 0 && name.endsWith(".pack") && !digest.has("gitBlob");
function namedManifests(subject) {
  if (subject.some(isList)) return void 0;
  return subject.filter((one2) => !isCommit(one2) && !isPack(one2)).map(({ name = "", digest }) => ({
    path: name,
    sha256: digest.get("sha256") ?? "",
    gitBlob: digest.get("gitBlob") ?? ""
  }));
}
var listDigest = (subject) => subject.find(isList)?.digest.get("sha256");
function* subjectFindings({ subject, predicate }) {
  const commit = predicate.source?.commit ?? null;
  if ((subject[0]?.digest.get("gitCommit") ?? null) !== commit || subject.slice(1).some(isCommit))
    yield { check: "subject", message: `is about a commit other than ${commit ?? "none"}, which its source names` };
  yield* packFindings(subject, predicate);
  const manifests = namedManifests(subject);
  if (!manifests) {
    if (subject.some((one2) => !isCommit(one2) && !isPack(one2) && !isList(one2)) || subject.filter(isList).length > 1)
      yield { check: "subject", message: `names manifests beside their list ${SUMS}` };
    return;
  }
  if (manifests.some(({ path }, at) => at > 0 && byBytes(manifests[at - 1]?.path ?? "", path) >= 0))
    yield { check: "subject", message: "does not name its manifests once each, in order" };
  if (manifests.some(({ path, sha256, gitBlob }) => path === "" || sha256 === "" || gitBlob === ""))
    yield { check: "subject", message: "names a manifest without its path, sha256 and gitBlob" };
  yield* strangers(predicate, new Set(manifests.map(({ path }) => path)));
}
function* packFindings(subject, { source }) {
  for (const { name, digest } of subject.filter(isPack))
    if (name !== `${source?.commit}.pack` || digest.get("sha256") !== source?.pack?.sha256)
      yield { check: "subject", message: `names a pack ${name} other than its source's` };
}
function* strangers({ resources, held, changes }, named) {
  const pointed = new Set([...resources, ...held, ...changes].flatMap(({ manifest }) => manifest?.path ?? []));
  for (const path of pointed)
    if (!named.has(path)) yield { check: "manifest", message: `has rows of ${path}, which is not a subject` };
}
var CARRIED_LISTS = { announcements: "announcements.ndjson.gz", missing: "missing.ndjson.gz" };
function* carriedFindings({ carried, attachments, chain: { sequence } }) {
  const entries = [...carried.values()].flatMap(
    (value) => Array.isArray(value) ? value : [value]
  );
  if (entries.some((entry) => (numberIn(entry, "since") ?? 0) > sequence))
    yield { check: "carried", message: "carries an entry that began in a later report" };
  for (const [member, name] of Object.entries(CARRIED_LISTS)) {
    const sha256 = memberOf(carried.get(member), "sha256");
    if (sha256 !== void 0 && !attachments.some((one2) => one2.name === name && one2.digest.sha256 === sha256))
      yield { check: "carried", message: `carries ${name} by a digest that none of its attachments has` };
  }
}
var memberOf = (value, name) => typeof value === "object" && value !== null && Object.hasOwn(value, name) ? value[name] : void 0;
function numberIn(value, name) {
  const member = memberOf(value, name);
  return typeof member === "number" ? member : void 0;
}
function* genesisFindings({ chain, supersedes }) {
  const superseded = supersedes?.chain ?? chain.genesis?.supersedes?.chainId;
  if ((superseded !== void 0 || chain.genesis) && chain.sequence !== 1)
    yield { check: "supersedes", message: "takes another chain's place, which only the first report of its own can" };
  else if (superseded === chain.id) yield { check: "supersedes", message: "takes the place of its own chain" };
}

// controller/verifier/attachments.ts
var MOST_UNPACKED = 2 ** 30;
var NEWLINE = 10;
async function attachmentFindings({ statement }, read2, primitives) {
  const { attachments, summary } = statement.predicate;
  const findings = [];
  for (const attachment of attachments) {
    const outcome = await refusal(async () => {
      const bytes = await checked(attachment, read2, primitives);
      const section = sectionOf(attachment.name);
      if (section === void 0) return;
      const rows = countLines(await unpacked(bytes, attachment, primitives));
      if (rows !== summary.get(section))
        throw new Refused(
          "summary",
          `counts ${summary.get(section)} rows in ${section}, and ${attachment.name} has ${rows}`
        );
    });
    if ("refused" in outcome) findings.push(outcome.refused);
  }
  return findings;
}
async function checked(attachment, read2, { sha256 }) {
  const { name, size, digest } = attachment;
  const bytes = await read2(digest.sha256);
  if (!bytes) throw new Refused("attachment-missing", `attachment ${name} (${digest.sha256}) is missing`);
  if (bytes.length !== size || hex(await sha256(bytes)) !== digest.sha256)
    throw new Refused("attachment", `attachment ${name} is not the ${size} bytes with SHA-256 ${digest.sha256}`);
  return bytes;
}
async function unpacked(bytes, { name }, { gunzip: gunzip2 }) {
  try {
    return await gunzip2(bytes, MOST_UNPACKED);
  } catch (cause) {
    throw new Refused("attachment", `attachment ${name} holds no rows`, { cause });
  }
}
function countLines(bytes) {
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines += 1;
  return lines;
}
var ROWS = "manifests.ndjson.gz";
var Row = object({ path: text, sha256: sha256Hex, gitBlob: sha1Hex });
async function listedManifests({ statement }, read2, primitives) {
  const { attachments } = statement.predicate;
  const [sums, rows] = [SUMS, ROWS].map((wanted) => attachments.find(({ name }) => name === wanted));
  if (!sums || !rows || sums.digest.sha256 !== listDigest(statement.subject))
    throw new Refused("manifest-list", `has no attachments ${SUMS}, as its subject has it, and ${ROWS}`);
  const lines = decodeUtf8(await unpacked(await checked(rows, read2, primitives), rows, primitives)).split("\n");
  if (lines.pop() !== "") throw new Refused("manifest-list", `${ROWS} is cut short`);
  const manifests = lines.map((line, at) => Row(parseCanonical(new TextEncoder().encode(line)), `${ROWS}[${at}]`));
  const said = decodeUtf8(await checked(sums, read2, primitives));
  if (said !== manifests.map(({ path, sha256 }) => `${sha256}  ${path}
`).join(""))
    throw new Refused("manifest-list", `${SUMS} and ${ROWS} name different manifests`);
  return manifests;
}
async function listFindings(report, read2, primitives) {
  if (listDigest(report.statement.subject) === void 0) return [];
  const outcome = await refusal(() => listedManifests(report, read2, primitives));
  if ("refused" in outcome) return outcome.refused.check === "manifest-list" ? [outcome.refused] : [];
  return [...strangers(report.statement.predicate, new Set(outcome.value.map(({ path }) => path)))];
}

// controller/verifier/inflate.ts
var broken = (why) => new Refused("pack", `holds a compressed object that is broken: ${why}`);
var LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
var LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
var DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
var DISTANCE_BITS = [
  0,
  0,
  0,
  0,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  8,
  9,
  9,
  10,
  10,
  11,
  11,
  12,
  12,
  13,
  13
];
var ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
var LONGEST_CODE = 15;
function codeOf(lengths) {
  const counts = Array.from(
    { length: LONGEST_CODE + 1 },
    (_, bits) => bits === 0 ? 0 : lengths.filter((length) => length === bits).length
  );
  const symbols = counts.flatMap(
    (_, bits) => bits === 0 ? [] : lengths.flatMap((length, symbol) => length === bits ? [symbol] : [])
  );
  let left = 1;
  for (const count of counts.slice(1)) left = 2 * left - count;
  if (left < 0) throw broken("a code has too many words");
  return { counts, symbols };
}
var range = (count, value) => Array.from({ length: count }, () => value);
var FIXED = codeOf([...range(144, 8), ...range(112, 9), ...range(24, 7), ...range(8, 8)]);
var FIXED_DISTANCES = codeOf(range(30, 5));
var Bits = class {
  #bytes;
  #at;
  #held = 0;
  #count = 0;
  constructor(bytes, from) {
    this.#bytes = bytes;
    this.#at = from;
  }
  read(count) {
    while (this.#count < count) {
      this.#held |= this.byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#held & (1 << count) - 1;
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }
  symbol({ counts, symbols }) {
    let [code, first, index] = [0, 0, 0];
    for (let bits = 1; bits <= LONGEST_CODE; bits++) {
      code |= this.read(1);
      const count = counts[bits] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = first + count << 1;
      code <<= 1;
    }
    throw broken("a code word is unknown");
  }
  /** The next whole byte: what is left of the one begun is dropped only where `align` was called. */
  byte() {
    const byte = this.#bytes[this.#at++];
    if (byte === void 0) throw broken("it is cut short");
    return byte;
  }
  align() {
    this.#held = 0;
    this.#count = 0;
  }
  get at() {
    return this.#at;
  }
};
function inflate(input, from, size) {
  const bits = new Bits(input, from);
  const [method, flags] = [bits.byte(), bits.byte()];
  if ((method & 15) !== 8 || (method * 256 + flags) % 31 !== 0 || (flags & 32) !== 0)
    throw broken("it is no zlib stream");
  const out = new Uint8Array(size);
  let to = 0;
  for (let last = 0; last === 0; ) {
    last = bits.read(1);
    const type = bits.read(2);
    if (type === 0) to = copyStored(bits, out, to);
    else if (type === 1) to = copyCoded(bits, FIXED, FIXED_DISTANCES, out, to);
    else if (type === 2) to = copyCoded(bits, ...readCodes(bits), out, to);
    else throw broken("a block is of no known type");
  }
  bits.align();
  if (to !== size) throw broken("it is shorter than it says");
  const sum = (bits.byte() << 24 | bits.byte() << 16 | bits.byte() << 8 | bits.byte()) >>> 0;
  if (sum !== adler32(out)) throw broken("its checksum is another");
  return { bytes: out, end: bits.at };
}
function copyStored(bits, out, to) {
  bits.align();
  const length = bits.byte() | bits.byte() << 8;
  const inverse = bits.byte() | bits.byte() << 8;
  if ((length ^ inverse) !== 65535) throw broken("a block's length is not its own inverse");
  if (to + length > out.length) throw broken("it is longer than it says");
  for (let at = 0; at < length; at++) out[to + at] = bits.byte();
  return to + length;
}
function copyCoded(bits, literals, distances, out, from) {
  let to = from;
  for (; ; ) {
    const symbol = bits.symbol(literals);
    if (symbol === 256) return to;
    if (symbol < 256) {
      if (to >= out.length) throw broken("it is longer than it says");
      out[to++] = symbol;
      continue;
    }
    const length = (LENGTHS[symbol - 257] ?? refuse("a length")) + bits.read(LENGTH_BITS[symbol - 257] ?? 0);
    const far = bits.symbol(distances);
    const distance = (DISTANCES[far] ?? refuse("a distance")) + bits.read(DISTANCE_BITS[far] ?? 0);
    if (distance > to || to + length > out.length) throw broken("it copies from or to beyond its bytes");
    for (let at = 0; at < length; at++, to++) out[to] = out[to - distance] ?? 0;
  }
}
function refuse(what) {
  throw broken(`${what} is unknown`);
}
function readCodes(bits) {
  const [literals, distances, count] = [bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4];
  const lengths = [...range(19, 0)];
  for (const place of ORDER.slice(0, count)) lengths[place] = bits.read(3);
  const code = codeOf(lengths);
  const all = [];
  while (all.length < literals + distances) {
    const symbol = bits.symbol(code);
    if (symbol < 16) all.push(symbol);
    else if (symbol === 16) all.push(...range(bits.read(2) + 3, all.at(-1) ?? refuse("a repetition")));
    else all.push(...range(symbol === 17 ? bits.read(3) + 3 : bits.read(7) + 11, 0));
  }
  if (all.length !== literals + distances) throw broken("a repetition goes too far");
  return [codeOf(all.slice(0, literals)), codeOf(all.slice(literals))];
}
function adler32(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b << 16 | a) >>> 0;
}

// controller/verifier/git-objects.ts
var objectId = async ({ type, content }, { sha1 }) => hex(await sha1(concat(utf8(`${type} ${content.length}\0`), content)));
async function objectsById(objects, primitives) {
  const found = /* @__PURE__ */ new Map();
  for (const object2 of objects) found.set(await objectId(object2, primitives), object2);
  return found;
}
var TYPES = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
var TRAILER = 20;
var HEAD = 12;
var LARGEST = 2 ** 26;
async function readPack(pack, primitives) {
  const body = pack.subarray(0, -TRAILER);
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (pack.length < HEAD + TRAILER || view.getUint32(0) !== 1346454347)
    throw new Refused("pack", "has a source pack that is no git pack");
  if (view.getUint32(4) !== 2) throw new Refused("pack", `has a source pack of version ${view.getUint32(4)}, not 2`);
  if (!sameBytes(await primitives.sha1(body), pack.subarray(-TRAILER)))
    throw new Refused("pack", "has a source pack that is not what its own checksum says");
  const objects = [];
  let at = HEAD;
  for (let left = view.getUint32(8); left > 0; left--) {
    const { object: object2, end } = readObject(body, at);
    objects.push(object2);
    at = end;
  }
  if (at !== body.length) throw new Refused("pack", "has a source pack with bytes after its last object");
  return objectsById(objects, primitives);
}
function readObject(body, from) {
  let at = from;
  const next = () => body[at++] ?? cutShort();
  let byte = next();
  const kind = byte >> 4 & 7;
  let size = byte & 15;
  for (let scale = 16; byte >= 128; scale *= 128) {
    byte = next();
    size += (byte & 127) * scale;
    if (size > LARGEST) throw new Refused("pack", `has a source pack with an object of ${size} bytes or more`);
  }
  if (kind === 6 || kind === 7)
    throw new Refused("pack", "has a source pack with a delta: write it with --window=0 --depth=0 and no reuse");
  const type = isKnown(kind) ? TYPES[kind] : void 0;
  if (!type) throw new Refused("pack", `has a source pack with an object of unknown type ${kind}`);
  const { bytes, end } = inflate(body, at, size);
  return { object: { type, content: bytes }, end };
}
var isKnown = (kind) => Object.hasOwn(TYPES, kind);
function cutShort() {
  throw new Refused("pack", "has a source pack that is cut short");
}
function readCommit(content) {
  const text2 = new TextDecoder("latin1").decode(content);
  const head = text2.slice(0, text2.includes("\n\n") ? text2.indexOf("\n\n") : void 0);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  const committedOn = /^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1];
  if (tree === void 0 || committedOn === void 0)
    throw new Refused("commit", "has a commit without a tree or a committer");
  return { tree, committedOn: Number(committedOn), isSigned: /^gpgsig(?:-sha256)? /m.test(head) };
}
function readTree(content) {
  const entries = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0 || end + 21 > content.length) throw new Refused("tree", "has a tree that is cut short");
    const name = decodeUtf8(content.subarray(space + 1, end));
    if (name === "" || name === "." || name === ".." || name.includes("/"))
      throw new Refused("tree", `has a tree with an entry named ${JSON.stringify(name)}`);
    entries.push({
      mode: decodeUtf8(content.subarray(at, space)),
      name,
      id: hex(content.subarray(end + 1, end + 21))
    });
    at = end + 21;
  }
  return entries;
}
var DIRECTORY = "40000";
var FILES = /* @__PURE__ */ new Set(["100644", "100755", "100664"]);
function filesBelow(id, objects, prefix = "") {
  const files = /* @__PURE__ */ new Map();
  for (const { mode, name, id: below } of treeAt(id, objects)) {
    if (FILES.has(mode)) files.set(prefix + name, below);
    if (mode !== DIRECTORY) continue;
    for (const [path, blob] of filesBelow(below, objects, `${prefix}${name}/`)) files.set(path, blob);
  }
  return files;
}
function treeAt(id, objects) {
  const tree = objects.get(id);
  if (tree?.type !== "tree") throw new Refused("tree", `needs the tree ${id}, and it is not in the pack`);
  return readTree(tree.content);
}
function treeOf(folder, root, objects) {
  let id = root;
  for (const name of folder === "" ? [] : folder.split("/")) {
    const entry = treeAt(id, objects).find((one2) => one2.name === name && one2.mode === DIRECTORY);
    if (!entry) throw new Refused("manifest-root", `has its manifests in ${folder}, and its commit has no such folder`);
    id = entry.id;
  }
  return id;
}
async function treeIdOf(files, primitives) {
  const folders = /* @__PURE__ */ new Map();
  const entries = [];
  for (const [path, id] of files) {
    const slash = path.indexOf("/");
    if (slash < 0) entries.push({ mode: "100644", name: path, id, order: path });
    else {
      const inside = folders.get(path.slice(0, slash)) ?? /* @__PURE__ */ new Map();
      folders.set(path.slice(0, slash), inside.set(path.slice(slash + 1), id));
    }
  }
  for (const [name, inside] of folders)
    entries.push({ mode: DIRECTORY, name, id: await treeIdOf(inside, primitives), order: `${name}/` });
  const parts = entries.map(({ mode, name, id, order }) => ({ order: utf8(order), bytes: concat(utf8(`${mode} ${name}\0`), fromHex(id)) })).toSorted((a, b) => compareBytes(a.order, b.order));
  return objectId({ type: "tree", content: concat(...parts.map(({ bytes }) => bytes)) }, primitives);
}

// controller/verifier/source.ts
async function manifestsOf(report, attachment, primitives) {
  const named = namedManifests(report.statement.subject);
  if (named || !attachment) return named;
  const outcome = await refusal(() => listedManifests(report, attachment, primitives));
  return "value" in outcome ? outcome.value : void 0;
}
async function givenFindings(named, given, primitives) {
  const finding = (message) => ({ check: "source", message });
  const byPath = new Map(named.map((manifest) => [manifest.path, manifest]));
  const there = new Set(given.map(({ path }) => path));
  const findings = named.filter(({ path }) => !there.has(path)).map(({ path }) => finding(`names ${path}, which is not among the files given`));
  for (const { path, bytes } of given) {
    const manifest = byPath.get(path);
    if (!manifest) findings.push(finding(`does not name ${path}`));
    else if (manifest.sha256 !== hex(await primitives.sha256(bytes)) || manifest.gitBlob !== await objectId({ type: "blob", content: bytes }, primitives))
      findings.push(finding(`names another content of ${path}`));
  }
  return findings;
}
var SourceChecker = class {
  #repository;
  #primitives;
  #last;
  #raw;
  constructor(repository, primitives) {
    this.#repository = repository;
    this.#primitives = primitives;
  }
  async check(report, attachment) {
    const { source } = report.statement.predicate;
    if (!source || source.commit === null) return { status: "open", why: "was made from files of no commit" };
    const { commit } = source;
    const objects = await refusal(() => this.#objectsOf(source, commit));
    if ("refused" in objects)
      return objects.refused.check === "pack-missing" ? { status: "missing", finding: objects.refused } : { status: "matched", findings: [objects.refused], isSigned: false };
    if (!objects.value) return { status: "open", why: "names no pack of its commit" };
    const found = objects.value;
    const named = await manifestsOf(report, attachment, this.#primitives);
    if (!named) return { status: "open", why: "lists its manifests in an attachment that is not at hand" };
    const outcome = await refusal(() => this.#compare(source, commit, named, found));
    return "value" in outcome ? { status: "matched", ...outcome.value } : { status: "matched", findings: [outcome.refused], isSigned: false };
  }
  async #objectsOf({ pack }, commit) {
    const raw = await (this.#raw ??= objectsById(this.#repository.objects ?? [], this.#primitives));
    if (raw.has(commit)) return raw;
    if (!pack || !this.#repository.pack) return void 0;
    const key = `${commit} ${pack.sha256} ${pack.size}`;
    if (this.#last?.key === key) return this.#last.objects;
    const bytes = await this.#repository.pack(commit);
    if (!bytes) throw new Refused("pack-missing", `names the pack of commit ${commit}, which is missing`);
    if (bytes.length !== pack.size || hex(await this.#primitives.sha256(bytes)) !== pack.sha256)
      throw new Refused("pack", `has a source pack that is not the ${pack.size} bytes with SHA-256 ${pack.sha256}`);
    const objects = await readPack(bytes, this.#primitives);
    this.#last = { key, objects };
    return objects;
  }
  /** The commit is found by the id that its own bytes have, its trees by the ids in it, and so on down to each manifest. */
  async #compare(source, commit, named, objects) {
    const object2 = objects.get(commit);
    if (object2?.type !== "commit") throw new Refused("commit", `names commit ${commit}, which is not in its pack`);
    const { tree, committedOn, isSigned } = readCommit(object2.content);
    const root = treeOf(source.manifestRoot ?? "", tree, objects);
    const files = new Map([...filesBelow(root, objects)].filter(([path]) => isManifest(path)));
    const findings = [];
    if (source.tree !== root && source.tree !== await treeIdOf(files, this.#primitives))
      findings.push({ check: "tree", message: `names tree ${source.tree}, and its commit has ${root} there` });
    if (source.committedOn && Math.floor(Date.parse(source.committedOn) / 1e3) !== committedOn)
      findings.push({
        check: "commit",
        message: `says its commit is of ${source.committedOn}, and the commit says another time`
      });
    if (source.commitSignature && source.commitSignature.format !== "none" !== isSigned)
      findings.push({
        check: "commit",
        message: `says its commit ${isSigned ? "is not" : "is"} signed, and it ${isSigned ? "is" : "is not"}`
      });
    findings.push(...bothWays(named, files), ...await this.#contents(named, objects));
    return { findings, isSigned };
  }
  /** SHA-1 alone would let one manifest pass for another that was made to collide with it. */
  async #contents(named, objects) {
    const findings = [];
    for (const { path, sha256, gitBlob } of named) {
      const blob = objects.get(gitBlob);
      if (blob?.type === "blob" && hex(await this.#primitives.sha256(blob.content)) !== sha256)
        findings.push({ check: "source", message: `names another content of ${path} than its commit has` });
      else if (!blob && !this.#repository.objects)
        findings.push({ check: "pack", message: `names ${path}, whose content is not in its pack` });
    }
    return findings;
  }
};
var isManifest = (path) => /\.ya?ml$/.test(path) && !path.split("/").some((name) => name.startsWith("."));
function bothWays(named, files) {
  const finding = (message) => ({ check: "source", message });
  const paths = new Set(named.map(({ path }) => path));
  return [
    ...named.flatMap(({ path, gitBlob }) => {
      const committed = files.get(path);
      if (committed === gitBlob) return [];
      return finding(
        committed === void 0 ? `names ${path}, which its commit does not have` : `names another content of ${path} than its commit has`
      );
    }),
    ...[...files.keys()].filter((path) => !paths.has(path)).map((path) => finding(`does not name ${path}, which its commit has`))
  ];
}

// controller/verifier/merkle.ts
var LEAF = Uint8Array.of(0);
var NODE = Uint8Array.of(1);
var leafHash = (payloadSha256, { sha256 }) => sha256(concat(LEAF, payloadSha256));
var nodeHash = (left, right, { sha256 }) => sha256(concat(NODE, left, right));
var EMPTY = { size: 0, hashes: [] };
var bitsOf = (size) => size.toString(2).replaceAll("0", "").length;
async function append({ size, hashes }, payloadSha256, hashing) {
  let hash = await leafHash(payloadSha256, hashing);
  const kept = [...hashes];
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = kept.pop();
    if (left) hash = await nodeHash(left, hash, hashing);
  }
  return { size: size + 1, hashes: [...kept, hash] };
}
async function rootOf({ hashes }, hashing) {
  let root = hashes.at(-1);
  if (!root) return hashing.sha256(new Uint8Array());
  for (const left of hashes.slice(0, -1).toReversed()) root = await nodeHash(left, root, hashing);
  return root;
}

// controller/verifier/link.ts
var SLACK = 5e3;
var one = (check, message) => [{ check, message }];
function linkFindings(report, before, start) {
  if (before === "nothing") return startFindings(report, start);
  if (before === "refused")
    return one("link", "follows a file that could not be read, so nothing shows that it belongs here");
  const { sequence, statement } = report;
  const { previous } = statement.predicate.chain;
  if (sequence !== before.sequence + 1) return one("sequence", gap(before.sequence, sequence));
  if (previous?.sequence !== before.sequence || previous.payloadSha256 !== before.payloadSha256)
    return one("link", `was not made after report ${before.sequence} as it is here`);
  const was = before.statement;
  return [
    ...previous.envelopeSha256 === before.envelopeSha256 ? [] : one("signature-list", `report ${before.sequence} had other signatures when this one was made`),
    ...statement.form === was.form ? [] : one("schema", `is of form ${statement.form} in a chain of form ${was.form}`),
    ...orderFindings(report, before),
    ...windowFindings(report, before)
  ];
}
var gap = (before, sequence) => sequence <= before ? `comes after report ${before}: give the files in order, each once` : before + 2 === sequence ? `report ${before + 1} is missing before it` : `reports ${before + 1} to ${sequence - 1} are missing before it`;
function startFindings({ sequence, payloadSha256, statement }, start) {
  if (start)
    return sequence === start.sequence && payloadSha256 === start.payloadSha256 ? [] : one("start", `is not the report ${start.sequence} that was pinned as the start`);
  if (sequence !== 1)
    return one("start", "is the first report at hand, and the chain begins with report 1: give its start as a pin");
  const { chain, run } = statement.predicate;
  if (chain.previous !== null) return one("link", "is report 1 and names a report before it");
  return chain.window && Date.parse(chain.window.from) !== Date.parse(run.startedOn) ? one("window", "is report 1, and its window does not begin with its run") : [];
}
function orderFindings({ statement }, before) {
  const { finishedOn } = statement.predicate.run;
  return Date.parse(finishedOn) + SLACK < Date.parse(before.statement.predicate.run.finishedOn) ? one("order", `finished at ${finishedOn}, before report ${before.sequence} did`) : [];
}
function windowFindings({ statement }, before) {
  const { window } = statement.predicate.chain;
  const was = before.statement.predicate.chain.window;
  return window && was && Date.parse(window.from) !== Date.parse(was.to) ? one("window", `has a window from ${window.from}, and report ${before.sequence} ends at ${was.to}`) : [];
}
function ownWindowFindings({ statement }) {
  const { window, ...chain } = statement.predicate.chain;
  if (!window) return [];
  const { finishedOn } = statement.predicate.run;
  const ends = Math.max(Date.parse(window.from), Date.parse(finishedOn));
  return Date.parse(window.to) === ends ? [] : one("window", `has a window to ${window.to}, and the run of report ${chain.sequence} finished at ${finishedOn}`);
}
function lateness({ sequence, statement }, before) {
  if (before === "nothing" || before === "refused") return void 0;
  const { nextDueBefore: dueBefore } = before.statement.predicate.chain;
  const { finishedOn } = statement.predicate.run;
  return dueBefore !== void 0 && Date.parse(finishedOn) > Date.parse(dueBefore) ? { sequence, dueBefore, finishedOn } : void 0;
}
async function logFindings(report, log, primitives) {
  const { chain, carried } = report.statement.predicate;
  const own = frontierOf(carried.get("frontier"), chain.log?.size);
  const grown = async (frontier) => frontier && append(frontier, fromHex(report.payloadSha256), primitives);
  if (!chain.log) return { findings: [], after: await grown(log ?? (report.sequence === 1 ? EMPTY : void 0)) };
  const finding = (message) => one("log", message);
  const known = log ?? own;
  if (chain.log.size !== report.sequence - 1)
    return { findings: finding(`has a log of ${chain.log.size} reports before it`), after: await grown(log) };
  if (!own) return { findings: finding("carries no hashes that could be those of its log"), after: await grown(log) };
  const wrong2 = hex(await rootOf(own, primitives)) !== chain.log.rootHash ? "carries hashes that are not those of its log" : known && hex(await rootOf(known, primitives)) !== chain.log.rootHash ? "has a log whose root is not that of the reports before it" : void 0;
  return { findings: wrong2 === void 0 ? [] : finding(wrong2), after: await grown(known) };
}
var Hashes = list(sha256Hex, 64);
function frontierOf(carried, size) {
  if (size === void 0 || !Array.isArray(carried)) return void 0;
  const hashes = Hashes(carried, "carried.frontier").map(fromHex);
  return hashes.length === (size === 0 ? 0 : bitsOf(size)) ? { size, hashes } : void 0;
}

// controller/verifier/envelope.ts
function pae(payloadType, payload) {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `), payload);
}
var MOST_SIGNATURES = 16;
var Shape2 = object({
  payload: text,
  payloadType: text,
  signatures: list(object({ keyid: text, sig: text }), MOST_SIGNATURES)
});
var MEMBERS = ["payload", "payloadType", "signatures"];
var SIGNATURE_MEMBERS = ["keyid", "sig"];
function decodeEnvelope(file) {
  const value = parseCanonical(file);
  const { payload, payloadType, signatures } = readShape(value);
  return {
    payloadType,
    payload: decodeBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: decodeBase64(sig) }))
  };
}
function readShape(value) {
  try {
    const shape = Shape2(value, "the envelope");
    if (shape.signatures.length === 0) throw new Refused("envelope", "is not a DSSE envelope: it has no signature");
    assertOnly(value, MEMBERS);
    const { signatures } = value;
    for (const signature of signatures) assertOnly(signature, SIGNATURE_MEMBERS);
    return shape;
  } catch (error) {
    if (error instanceof Refused && error.check === "schema")
      throw new Refused("envelope", `is not a DSSE envelope: ${error.message}`, { cause: error });
    throw error;
  }
}
function assertOnly(value, names) {
  const stranger = Object.keys(value ?? {}).find((name) => !names.includes(name));
  if (stranger !== void 0)
    throw new Refused("envelope", `is not a DSSE envelope: it has a member ${JSON.stringify(stranger)}`);
}

// controller/verifier/signatures.ts
async function openEnvelope(file, payloadType, keys, sequence, primitives) {
  const envelope = decodeEnvelope(file);
  if (envelope.payloadType !== payloadType)
    throw new Refused("payload-type", `holds ${envelope.payloadType}, not ${payloadType}`);
  const [signedBy, unchecked] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
  for (const key of candidates(keys, sequence)) {
    const answer = await signatureOf(key, envelope, primitives);
    if (answer === "valid") signedBy.add(key.keyid);
    if (answer === "unsupported") unchecked.add(key.keyid);
  }
  const { threshold } = policyAt(keys, sequence);
  const trusted = keysAt(keys, sequence).map(({ keyid }) => keyid);
  const count = (set) => trusted.filter((keyid) => set.has(keyid)).length;
  const there = count(signedBy) + count(unchecked);
  const onlyEmergency = there < threshold;
  if (onlyEmergency && (there === 0 || there < emergencyThreshold(keys, sequence)))
    throw new Refused("signature", `${there} of the trusted keys signed it, and it takes ${threshold}`);
  return { payload: envelope.payload, signedBy, unchecked, onlyEmergency };
}
function candidates(keys, sequence) {
  const now = keysAt(keys, sequence);
  const next = policyFrom(keys, sequence + 1) ? keysAt(keys, sequence + 1) : [];
  return [...now, ...next.filter(({ keyid }) => !now.some((key) => key.keyid === keyid))];
}
function emergencyThreshold(keys, sequence) {
  const { threshold, keyids } = policyAt(keys, sequence);
  if (!policyFrom(keys, sequence + 1)) return threshold;
  const isRevoked = ({ status, validToSequence }) => status === "revoked" && validToSequence === sequence - 1;
  const revoked = new Set(keys.keys.filter(isRevoked).map(({ keyid }) => keyid));
  return Math.max(1, Math.min(threshold, keyids.filter((keyid) => !revoked.has(keyid)).length));
}
var countOf = ({ keyids }, set) => keyids.filter((keyid) => set.has(keyid)).length;
async function signatureOf(key, { payloadType, payload, signatures }, primitives) {
  const spki = decodeBase64(key.spki);
  const signed = pae(payloadType, payload);
  let answer = "invalid";
  for (const { keyid, sig } of signatures) {
    const one2 = await looked(key, keyid, () => primitives.verifySignature(key.algorithm, spki, signed, sig));
    if (one2 === "valid" && keyid !== key.keyid)
      throw new Refused("key-id", `a signature of key ${key.keyid} goes by the name of ${keyid}`);
    if (one2 === "valid") return one2;
    if (one2 === "unsupported" && keyid === key.keyid) answer = one2;
  }
  return answer;
}
async function looked(key, keyid, look) {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Refused && error.check === "der" && keyid !== key.keyid) return "invalid";
    throw error;
  }
}

// controller/verifier/statement.ts
var STATEMENT_TYPE = "application/vnd.in-toto+json";
var IN_TOTO = "https://in-toto.io/Statement/v1";
var FORMS = {
  "https://holdfast.dev/reconciliation-report/v0": { form: "v0", transition: false },
  "https://holdfast.dev/reconciliation-report/v1": { form: "v1", transition: false },
  "https://holdfast.dev/key-transition/v1": { form: "v1", transition: true }
};
var MOST_SUBJECTS = 1024;
var Subject = object({ name: optional(text), uri: optional(text), digest: table(text) });
var Pinned = object({ sequence: integer(1), payloadSha256: sha256Hex });
var Pointing = list(object({ manifest: optional(object({ path: text })) }));
var Chain = object({
  id: uuid,
  sequence: integer(1),
  previous: nullable(object({ sequence: integer(1), payloadSha256: sha256Hex, envelopeSha256: sha256Hex })),
  log: optional(object({ size: integer(0), rootHash: sha256Hex })),
  window: optional(object({ from: instant, to: instant })),
  nextDueBefore: optional(instant),
  genesis: optional(
    object({
      reason: text,
      supersedes: optional(
        object({ chainId: uuid, sequence: integer(0), payloadSha256: optional(nullable(sha256Hex)) })
      )
    })
  )
});
var Source = object({
  uri: text,
  commit: nullable(text),
  tree: text,
  committedOn: optional(nullable(instant)),
  manifestRoot: optional(text),
  commitSignature: optional(object({ format: text, status: text })),
  pack: optional(nullable(object({ sha256: sha256Hex, size: integer(0) })))
});
var AttachmentShape = object({
  name: text,
  mediaType: text,
  size: integer(0),
  digest: object({ sha256: sha256Hex })
});
var Policy = object({ fromSequence: integer(1), threshold: integer(1), keyids: list(sha256Hex) });
var Transition = object({
  reason: text,
  from: list(sha256Hex),
  to: list(object({ keyid: sha256Hex })),
  newPolicy: Policy,
  emergency: optional(truth)
});
var Predicate = object({
  schema: text,
  chain: Chain,
  signing: object({
    required: list(sha256Hex),
    keys: list(object({ keyid: sha256Hex, algorithm: text, protection: text }))
  }),
  source: nullable(Source),
  run: object({ id: text, startedOn: instant, finishedOn: instant }),
  result: text,
  summary: table(integer(0)),
  resources: Pointing,
  held: Pointing,
  changes: Pointing,
  carried: table(anything),
  unchanged: optional(object({ since: Pinned, sections: list(text) })),
  /** Of v0: the chain that this one takes the place of. */
  supersedes: optional(object({ chain: uuid, reports: integer(0), reason: text, on: instant })),
  transition: optional(Transition),
  attachments: list(AttachmentShape)
});
var Shape3 = object({
  _type: oneOf(IN_TOTO),
  predicateType: oneOf(...Object.keys(FORMS)),
  subject: list(Subject),
  predicate: Predicate
});
function parseStatement(payload) {
  const value = parseCanonical(payload);
  const { predicateType, subject, predicate } = Shape3(value, "");
  const { form, transition } = FORMS[predicateType];
  if (subject.length > MOST_SUBJECTS)
    throw new Refused("subject", `has ${subject.length} subjects, and verifiers take at most ${MOST_SUBJECTS}`);
  assertForm(form, predicate);
  if (transition !== (predicate.transition !== void 0))
    throw new Refused(
      "schema",
      transition ? "is a key transition that says none" : "is a report with a key transition"
    );
  return { form, isTransition: transition, subject, predicate, raw: value };
}
function assertForm(form, { schema, chain, source }) {
  if (form === "v0" ? schema !== "0.1" : !/^1\.\d+$/.test(schema))
    throw new Refused("schema", `says schema ${schema}, which is none of form ${form}`);
  if (form === "v0") return;
  const missing = [
    ...["log", "window", "nextDueBefore"].filter((name) => chain[name] === void 0),
    ...source && source.manifestRoot === void 0 ? ["manifestRoot"] : []
  ];
  if (missing.length > 0) throw new Refused("schema", `is of form v1 without ${missing.join(", ")}`);
}

// controller/verifier/transition.ts
function transitionFindings({ predicate, isTransition }, sequence, { signedBy, unchecked, onlyEmergency }, keys) {
  const { transition } = predicate;
  if (onlyEmergency && transition?.emergency !== true) {
    const { threshold } = policyAt(keys, sequence);
    throw new Refused("signature", `fewer than ${threshold} of the trusted keys signed it, and it revokes none`);
  }
  const next = policyFrom(keys, sequence + 1);
  const finding = (message) => [{ check: "transition", message }];
  if (!isTransition || !transition)
    return next ? finding(`is no key transition, and keys.json has other keys from report ${sequence + 1} on`) : [];
  if (!next)
    return finding("is a key transition that keys.json does not have yet: run `holdfast report rotate-keys` again");
  if (!samePolicy(next, transition.newPolicy)) return finding("changes the keys to others than keys.json says");
  const absent = transition.to.find(({ keyid }) => !signedBy.has(keyid) && !unchecked.has(keyid));
  if (absent) return finding(`hands over to key ${absent.keyid}, which did not sign it`);
  const revokes = keys.keys.some(({ keyid, status }) => status === "revoked" && transition.from.includes(keyid));
  if (revokes !== (transition.emergency ?? false)) return finding("does not say of itself whether it revokes a key");
  const there = countOf(next, /* @__PURE__ */ new Set([...signedBy, ...unchecked]));
  return there < next.threshold ? finding(`is signed by ${there} of the new keys, and they take ${next.threshold}`) : [];
}
var samePolicy = (a, b) => a.fromSequence === b.fromSequence && a.threshold === b.threshold && a.keyids.length === b.keyids.length && a.keyids.every((keyid) => b.keyids.includes(keyid));

// controller/verifier/report.ts
function sequenceOf(path) {
  const digits = /(?:^|\/)(\d{10})\.dsse\.json$/.exec(path)?.[1];
  return digits === void 0 || Number(digits) === 0 ? void 0 : Number(digits);
}
async function verifyReport(file, keys, primitives) {
  const { name } = file;
  const outcome = await refusal(() => read(file, keys, primitives));
  if ("value" in outcome) return outcome.value;
  return { status: "refused", name, problems: [{ file: name, ...outcome.refused }] };
}
async function read({ name, bytes }, keys, primitives) {
  const sequence = sequenceOf(name);
  if (sequence === void 0) throw new Refused("file-name", "is not named NNNNNNNNNN.dsse.json after its sequence");
  if (bytes.length === 0) throw new Refused("envelope", "is empty");
  const opened = await openEnvelope(bytes, STATEMENT_TYPE, keys, sequence, primitives);
  const statement = parseStatement(opened.payload);
  const findings = [
    ...placeFindings(statement, sequence, keys),
    ...transitionFindings(statement, sequence, opened, keys),
    ...contentFindings(statement, opened, keys)
  ];
  return {
    status: "read",
    name,
    sequence,
    payloadSha256: hex(await primitives.sha256(opened.payload)),
    envelopeSha256: hex(await primitives.sha256(bytes)),
    statement,
    signedBy: opened.signedBy,
    unchecked: opened.unchecked,
    problems: findings.map(({ check, message }) => ({ file: name, check, message }))
  };
}
function* placeFindings({ predicate: { chain } }, sequence, { chainId }) {
  if (chain.sequence !== sequence)
    yield { check: "sequence", message: `is report ${chain.sequence} under the name of report ${sequence}` };
  if (chain.id !== chainId)
    yield { check: "chain-id", message: `belongs to chain ${chain.id}; the keys are those of chain ${chainId}` };
}

// controller/verifier/walk.ts
var newWalk = () => ({
  reports: 0,
  refused: 0,
  before: "nothing",
  first: void 0,
  last: void 0,
  sourced: void 0,
  pinned: void 0,
  log: EMPTY,
  problems: [],
  late: [],
  full: /* @__PURE__ */ new Map(),
  unfollowed: [],
  signed: /* @__PURE__ */ new Map(),
  matched: 0,
  signedCommits: 0,
  unmatched: /* @__PURE__ */ new Map()
});
var Walker = class {
  walk = newWalk();
  #keys;
  #options;
  #primitives;
  #source;
  constructor(keys, options, primitives) {
    this.#keys = keys;
    this.#options = options;
    this.#primitives = primitives;
    this.#source = options.repository && new SourceChecker(options.repository, primitives);
  }
  async take(file) {
    const { walk } = this;
    walk.reports += 1;
    const verified = await verifyReport(file, this.#keys, this.#primitives);
    walk.problems.push(...verified.problems);
    if (verified.status === "refused") {
      walk.refused += 1;
      walk.before = "refused";
      walk.log = void 0;
      return;
    }
    for (const { check, message } of await this.#findings(verified))
      walk.problems.push({ file: verified.name, check, message });
    this.#remember(verified);
  }
  async #findings(report) {
    const { attachment } = this.#options;
    return [
      ...await this.#place(report),
      ...this.#unchanged(report),
      ...attachment ? await attachmentFindings(report, attachment, this.#primitives) : [],
      ...attachment ? await listFindings(report, attachment, this.#primitives) : [],
      ...await this.#sourced(report)
    ];
  }
  /** Its link, its window and its log. Where it hangs on nothing known, its log is not held against it: it is gone on with. */
  async #place(report) {
    const { walk } = this;
    const links = this.#links(report);
    const adrift = links.some(({ check }) => check === "link" || check === "sequence" || check === "start");
    const isStart = walk.before === "nothing" && report.sequence !== 1;
    const before = adrift || isStart ? void 0 : walk.log;
    const { findings, after } = await logFindings(report, before, this.#primitives);
    walk.log = after;
    const late = lateness(report, walk.before);
    if (late && !adrift) walk.late.push(late);
    return [...links, ...ownWindowFindings(report), ...adrift ? [] : findings];
  }
  #links(report) {
    const { before } = this.walk;
    const findings = linkFindings(report, before, this.#options.start);
    return this.#options.sample ? findings.filter(({ check }) => check !== "start" && check !== "sequence") : findings;
  }
  #unchanged({ sequence, payloadSha256, statement }) {
    const { walk } = this;
    const { unchanged, summary } = statement.predicate;
    if (!unchanged) {
      walk.full.set(sequence, { payloadSha256, summary });
      return [];
    }
    const { since, sections } = unchanged;
    const finding = (message) => [{ check: "unchanged", message }];
    if (since.sequence >= sequence) return finding(`refers to report ${since.sequence}, which is not before it`);
    const full = walk.full.get(since.sequence);
    if (!full) {
      if (walk.first && since.sequence >= walk.first.sequence && !this.#options.sample)
        return finding(`refers to report ${since.sequence}, which is not here as a full report`);
      walk.unfollowed.push(sequence);
      return [];
    }
    if (full.payloadSha256 !== since.payloadSha256)
      return finding(`refers to report ${since.sequence} as it is not here`);
    const other = sections.find((section) => summary.get(section) !== full.summary.get(section));
    return other === void 0 ? [] : finding(`says ${other} is unchanged since report ${since.sequence}, and counts other rows`);
  }
  async #sourced(report) {
    if (!this.#source || report.statement.predicate.source === null) return [];
    const { walk } = this;
    const sourced = await this.#source.check(report, this.#options.attachment);
    switch (sourced.status) {
      case "matched":
        walk.matched += 1;
        walk.signedCommits += sourced.isSigned ? 1 : 0;
        return sourced.findings;
      case "missing":
        this.#unmatched("names a pack that is missing");
        return [sourced.finding];
      case "open":
        this.#unmatched(sourced.why);
        return [];
      default:
        return sourced;
    }
  }
  #unmatched(why) {
    const { unmatched } = this.walk;
    unmatched.set(why, (unmatched.get(why) ?? 0) + 1);
  }
  #remember(report) {
    const { walk } = this;
    for (const [set, member] of [
      [report.signedBy, "reports"],
      [report.unchecked, "unchecked"]
    ])
      for (const keyid of set) {
        const counts = walk.signed.get(keyid) ?? { reports: 0, unchecked: 0 };
        counts[member] += 1;
        walk.signed.set(keyid, counts);
      }
    if (report.statement.predicate.source) walk.sourced = report;
    if (report.sequence === this.#options.head?.sequence) walk.pinned = report;
    walk.first ??= report;
    walk.before = walk.last = report;
    this.#options.each?.(report);
  }
};

// controller/verifier/verify.ts
async function verifyChain(files, keys, options, primitives) {
  const walker = new Walker(keys, options, primitives);
  for await (const file of files) await walker.take(file);
  const { walk } = walker;
  const { problems, last } = walk;
  if (walk.reports === 0) problems.push({ file: "", check: "no-reports", message: "there is no report to verify" });
  problems.push(...headProblems(walk, options), ...timeProblems(walk, options), ...versionProblems(options));
  const compared = await compareGiven(walk, options, primitives);
  return {
    ...answers(walk, options, compared),
    reports: walk.reports,
    ...last ? { head: { sequence: last.sequence, payloadSha256: last.payloadSha256 } } : {},
    problems,
    limitations: limitationsOf(walk, keys, options),
    late: walk.late,
    keys: keyUses(keys, walk)
  };
}
function headProblems({ pinned, last }, { head }) {
  if (head === void 0 || pinned?.payloadSha256 === head.payloadSha256) return [];
  const message = pinned ? `is not the report ${head.sequence} that was pinned: it was written anew` : `report ${head.sequence}, which was pinned, is not here: the chain was cut off`;
  return [{ file: pinned?.name ?? last?.name ?? "", check: "head", message }];
}
function timeProblems({ first, last }, { period, now }) {
  if (!first || !last) return [];
  const [began, ended] = [startOf(first.statement.predicate), last.statement.predicate.run.finishedOn];
  const due = last.statement.predicate.chain.nextDueBefore;
  const problems = [];
  if (period && Date.parse(began) > Date.parse(period.from))
    problems.push({ file: first.name, check: "period", message: `begins at ${began}, after the period does` });
  if (period && Date.parse(ended) < Date.parse(period.to))
    problems.push({ file: last.name, check: "period", message: `ends at ${ended}, before the period does` });
  if (now !== void 0 && due !== void 0 && Date.parse(now) > Date.parse(due))
    problems.push({
      file: last.name,
      check: "due",
      message: `is the last, and the next was due before ${due}: the chain was cut off, or nothing ran`
    });
  return problems;
}
var startOf = ({ chain, run }) => chain.window?.from ?? run.startedOn;
var versionProblems = ({ versions = [] }) => versions.map(({ file, message }) => ({ file, check: "versions", message }));
async function compareGiven(walk, options, primitives) {
  const { sourced, problems } = walk;
  if (!sourced || !options.manifests) return false;
  const named = await manifestsOf(sourced, options.attachment, primitives);
  if (!named) return false;
  for (const { check, message } of await givenFindings(named, options.manifests, primitives))
    problems.push({ file: sourced.name, check, message });
  return true;
}
function answers(walk, { head, start, sample = false }, compared) {
  const failed = new Set(walk.problems.map(({ check }) => CHECKS[check]));
  if (walk.reports === 0 || walk.refused > 0 && !sample) failed.add("complete");
  const open = /* @__PURE__ */ new Set([
    ...isUnchecked(walk) ? ["intact"] : [],
    ...sample && !start ? ["complete"] : [],
    ...compared || matchedAll(walk) ? [] : ["sourced"],
    ...head ? [] : ["anchored"]
  ]);
  const answer = (question) => failed.has(question) ? "no" : open.has(question) ? "not-checked" : "yes";
  return {
    intact: answer("intact"),
    complete: answer("complete"),
    sourced: answer("sourced"),
    anchored: answer("anchored")
  };
}
var matchedAll = ({ matched, unmatched, refused: refused2 }) => matched > 0 && unmatched.size === 0 && refused2 === 0;
var isUnchecked = ({ signed }) => [...signed.values()].some(({ unchecked }) => unchecked > 0);
var keyUses = ({ keys }, { signed }) => keys.map(({ keyid, algorithm, protection, status = "active" }) => ({
  keyid,
  algorithm,
  protection,
  status,
  ...signed.get(keyid) ?? { reports: 0, unchecked: 0 }
}));

// controller/verifier/main.ts
var USAGE = `usage: node verify.mjs DIR [--keys keys.json] [--head SEQUENCE:SHA256] [--start SEQUENCE:SHA256]
                       [--from TIME --to TIME] [--now TIME] [--json]

DIR is an evidence store or pack in a folder, a folder of reports, or one report (NNNNNNNNNN.dsse.json).
--keys   keys.json as you got it from the git repository, not from DIR: what lies in DIR proves nothing by itself
--head   the newest report as you know it from elsewhere; --start the one before which you look no further
--from   with --to: the period that the reports must be about from end to end
--now    whether the next report is overdue at that time`;
var COPY = "The store's own list of versions was not looked at: a copy does not have one.";
var UNPINNED = "The keys lay beside the reports, unpinned: who can write there could have replaced both.";
var WrongUse = class extends Error {
};
async function main(args) {
  const { values, positionals } = parse(args);
  const [dir, ...more] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (dir === void 0 || more.length > 0) throw new WrongUse("give one DIR");
  const keys = await keysFrom(values.keys ?? join2(dir, "keys.json"));
  const folder = await openFolder(dir, keys.chainId);
  const [head, start] = [pinFrom("head", values.head), pinFrom("start", values.start)];
  const { from, to, now } = values;
  if (from === void 0 !== (to === void 0)) throw new WrongUse("--from and --to go together");
  const answer = await verifyChain(
    folder.reports,
    keys,
    {
      sample: folder.sample,
      ...folder.attachment ? { attachment: folder.attachment } : {},
      ...folder.pack ? { repository: { pack: folder.pack } } : {},
      ...head ? { head } : {},
      ...start ? { start } : {},
      ...from !== void 0 && to !== void 0 ? { period: { from: timeFrom(from), to: timeFrom(to) } } : {},
      ...now === void 0 ? {} : { now: timeFrom(now) }
    },
    nodePrimitives
  );
  const limitations = [...answer.limitations, COPY, ...values.keys === void 0 ? [UNPINNED] : []];
  print({ ...answer, limitations }, values.json ?? false);
  return exitCodeOf(answer, {
    anchored: head !== void 0,
    sourced: folder.pack !== void 0,
    complete: !folder.sample
  });
}
function parse(args) {
  const text2 = { type: "string" };
  const flag = { type: "boolean" };
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keys: text2, head: text2, start: text2, from: text2, to: text2, now: text2, json: flag, help: flag }
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
var keysFrom = async (path) => readKeys(new Uint8Array(await readFile2(path)), nodePrimitives);
function pinFrom(name, text2) {
  if (text2 === void 0) return void 0;
  const [, sequence, payloadSha256] = /^([1-9]\d*):([0-9a-f]{64})$/.exec(text2) ?? [];
  if (sequence === void 0 || payloadSha256 === void 0)
    throw new WrongUse(`--${name} ${text2} is not SEQUENCE:SHA256, as a verification prints it`);
  return { sequence: Number(sequence), payloadSha256 };
}
function timeFrom(text2) {
  if (Number.isNaN(Date.parse(text2))) throw new WrongUse(`${text2} is no time: write it as 2027-01-31T00:00:00Z`);
  return text2;
}
function print(answer, json) {
  if (json) console.log(JSON.stringify({ schema: "holdfast-verification/1", ...answer }, null, 2));
  else console.log(verdictText(answer));
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Refused) {
    console.log(`keys.json: ${error.check}: ${error.message}`);
    process.exitCode = 5;
  } else {
    console.error(error instanceof WrongUse ? `${error.message}

${USAGE}` : String(error));
    process.exitCode = 1;
  }
}
