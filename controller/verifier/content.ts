import { byBytes } from "./bytes.ts";
import type { Finding } from "./checks.ts";
import type { Keys } from "./keys.ts";
import { summaryFindings } from "./sections.ts";
import type { Opened } from "./signatures.ts";
import type { Predicate, Statement, Subject } from "./statement.ts";

/** The manifests' list of a report with more of them than subjects go (sha256sum's text), and its rows with git's ids. */
export const SUMS = "SHA256SUMS";

/** What a signed statement says that does not add up within itself. */
export function* contentFindings(statement: Statement, opened: Opened, keys: Keys): Generator<Finding> {
  const { predicate } = statement;
  yield* signingFindings(predicate, opened, keys);
  yield* subjectFindings(statement);
  yield* summaryFindings(statement);
  yield* carriedFindings(predicate);
  yield* genesisFindings(predicate);
  if (Date.parse(predicate.run.finishedOn) < Date.parse(predicate.run.startedOn))
    yield { check: "run-times", message: `finished at ${predicate.run.finishedOn}, before it started` };
}

function* signingFindings({ signing }: Predicate, { signedBy, unchecked }: Opened, { keys }: Keys): Generator<Finding> {
  for (const keyid of signing.required)
    if (!signedBy.has(keyid) && !unchecked.has(keyid))
      yield { check: "required-keys", message: `asks for a signature by ${keyid}, and there is none` };
  for (const said of signing.keys) {
    const trusted = keys.find(({ keyid }) => keyid === said.keyid);
    if (trusted && (trusted.algorithm !== said.algorithm || trusted.protection !== said.protection))
      yield {
        check: "keys-policy",
        message: `calls ${said.keyid} a key for ${said.algorithm} in ${said.protection}, and keys.json one for ${trusted.algorithm} in ${trusted.protection}`,
      };
  }
}

const isCommit = ({ digest }: Subject): boolean => digest.has("gitCommit");
/** By its name alone a manifest could pass for the list: a manifest has a git id, and the list has none. */
const isList = ({ name, digest }: Subject): boolean => name === SUMS && !digest.has("gitBlob");
const isPack = ({ name, digest }: Subject): boolean =>
  name !== undefined && name.endsWith(".pack") && !digest.has("gitBlob");

export interface NamedManifest {
  readonly path: string;
  readonly sha256: string;
  readonly gitBlob: string;
}

/** The manifests that a statement names as subjects; undefined where it names their list instead. */
export function namedManifests(subject: readonly Subject[]): readonly NamedManifest[] | undefined {
  if (subject.some(isList)) return undefined;
  return subject
    .filter((one) => !isCommit(one) && !isPack(one))
    .map(({ name = "", digest }) => ({
      path: name,
      sha256: digest.get("sha256") ?? "",
      gitBlob: digest.get("gitBlob") ?? "",
    }));
}

/** The SHA-256 of the manifests' list, where a statement names that. */
export const listDigest = (subject: readonly Subject[]): string | undefined =>
  subject.find(isList)?.digest.get("sha256");

function* subjectFindings({ subject, predicate }: Statement): Generator<Finding> {
  const commit = predicate.source?.commit ?? null;
  if ((subject[0]?.digest.get("gitCommit") ?? null) !== commit || subject.slice(1).some(isCommit))
    yield { check: "subject", message: `is about a commit other than ${commit ?? "none"}, which its source names` };
  yield* packFindings(subject, predicate);
  const manifests = namedManifests(subject);
  if (!manifests) {
    if (subject.some((one) => !isCommit(one) && !isPack(one) && !isList(one)) || subject.filter(isList).length > 1)
      yield { check: "subject", message: `names manifests beside their list ${SUMS}` };
    return;
  }
  if (manifests.some(({ path }, at) => at > 0 && byBytes(manifests[at - 1]?.path ?? "", path) >= 0))
    yield { check: "subject", message: "does not name its manifests once each, in order" };
  if (manifests.some(({ path, sha256, gitBlob }) => path === "" || sha256 === "" || gitBlob === ""))
    yield { check: "subject", message: "names a manifest without its path, sha256 and gitBlob" };
  yield* strangers(predicate, new Set(manifests.map(({ path }) => path)));
}

function* packFindings(subject: readonly Subject[], { source }: Predicate): Generator<Finding> {
  for (const { name, digest } of subject.filter(isPack))
    if (name !== `${source?.commit}.pack` || digest.get("sha256") !== source?.pack?.sha256)
      yield { check: "subject", message: `names a pack ${name} other than its source's` };
}

/** Rows that point into files which the report is not about. */
export function* strangers({ resources, held, changes }: Predicate, named: ReadonlySet<string>): Generator<Finding> {
  const pointed = new Set([...resources, ...held, ...changes].flatMap(({ manifest }) => manifest?.path ?? []));
  for (const path of pointed)
    if (!named.has(path)) yield { check: "manifest", message: `has rows of ${path}, which is not a subject` };
}

/** Lists of the signed memory that are attachments, by the members that bind them. */
const CARRIED_LISTS = { announcements: "announcements.ndjson.gz", missing: "missing.ndjson.gz" } as const;

function* carriedFindings({ carried, attachments, chain: { sequence } }: Predicate): Generator<Finding> {
  const entries = [...carried.values()].flatMap((value): readonly unknown[] =>
    Array.isArray(value) ? value : [value],
  );
  if (entries.some((entry) => (numberIn(entry, "since") ?? 0) > sequence))
    yield { check: "carried", message: "carries an entry that began in a later report" };
  for (const [member, name] of Object.entries(CARRIED_LISTS)) {
    const sha256 = memberOf(carried.get(member), "sha256");
    if (sha256 !== undefined && !attachments.some((one) => one.name === name && one.digest.sha256 === sha256))
      yield { check: "carried", message: `carries ${name} by a digest that none of its attachments has` };
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

function numberIn(value: unknown, name: string): number | undefined {
  const member = memberOf(value, name);
  return typeof member === "number" ? member : undefined;
}

function* genesisFindings({ chain, supersedes }: Predicate): Generator<Finding> {
  const superseded = supersedes?.chain ?? chain.genesis?.supersedes?.chainId;
  if ((superseded !== undefined || chain.genesis) && chain.sequence !== 1)
    yield { check: "supersedes", message: "takes another chain's place, which only the first report of its own can" };
  else if (superseded === chain.id) yield { check: "supersedes", message: "takes the place of its own chain" };
}
