import { hex } from "./bytes.ts";
import { refusal, Refused, type Finding } from "./checks.ts";
import { namedManifests, type NamedManifest } from "./content.ts";
import { listedManifests, type ReadAttachment } from "./attachments.ts";
import {
  filesBelow,
  objectId,
  objectsById,
  readCommit,
  readPack,
  treeIdOf,
  treeOf,
  type GitObject,
  type GitObjects,
} from "./git-objects.ts";
import type { Primitives } from "./primitives.ts";
import type { ReadReport } from "./report.ts";
import type { Source } from "./statement.ts";

/** A manifest as somebody has it, to compare with what a report names. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What reports' manifests can be compared with: a pack for each commit, or objects of git as they are. */
export interface Repository {
  /** The bytes of a commit's pack; undefined where there is none. */
  readonly pack?: (commit: string) => Promise<Uint8Array | undefined>;
  /** Raw objects of any commits. Where blobs are left out, trees prove the ids of manifests, and not their SHA-256. */
  readonly objects?: readonly GitObject[];
}

/** `open`: nothing to compare with. `matched`: it was compared, and `findings` is what differed. */
export type Sourced =
  | { readonly status: "open"; readonly why: string }
  | { readonly status: "missing"; readonly finding: Finding }
  | { readonly status: "matched"; readonly findings: readonly Finding[]; readonly isSigned: boolean };

/** The manifests that a report names, as subjects or as a list. Undefined where it names a list that is not at hand. */
export async function manifestsOf(
  report: ReadReport,
  attachment: ReadAttachment | undefined,
  primitives: Primitives,
): Promise<readonly NamedManifest[] | undefined> {
  const named = namedManifests(report.statement.subject);
  if (named || !attachment) return named;
  const outcome = await refusal(() => listedManifests(report, attachment, primitives));
  return "value" in outcome ? outcome.value : undefined;
}

/** The manifests a report is about against files at hand, both ways and byte for byte: none missing, none besides, none other. */
export async function givenFindings(
  named: readonly NamedManifest[],
  given: readonly GivenFile[],
  primitives: Primitives,
): Promise<readonly Finding[]> {
  const finding = (message: string): Finding => ({ check: "source", message });
  const byPath = new Map(named.map((manifest) => [manifest.path, manifest]));
  const there = new Set(given.map(({ path }) => path));
  const findings = named
    .filter(({ path }) => !there.has(path))
    .map(({ path }) => finding(`names ${path}, which is not among the files given`));
  for (const { path, bytes } of given) {
    const manifest = byPath.get(path);
    if (!manifest) findings.push(finding(`does not name ${path}`));
    else if (
      manifest.sha256 !== hex(await primitives.sha256(bytes)) ||
      manifest.gitBlob !== (await objectId({ type: "blob", content: bytes }, primitives))
    )
      findings.push(finding(`names another content of ${path}`));
  }
  return findings;
}

/** Compares reports with the repository, each commit's pack read and unpacked once as long as reports follow one another. */
export class SourceChecker {
  readonly #repository: Repository;
  readonly #primitives: Primitives;
  #last: { readonly key: string; readonly objects: GitObjects } | undefined;
  #raw: Promise<GitObjects> | undefined;

  constructor(repository: Repository, primitives: Primitives) {
    this.#repository = repository;
    this.#primitives = primitives;
  }

  async check(report: ReadReport, attachment: ReadAttachment | undefined): Promise<Sourced> {
    const { source } = report.statement.predicate;
    if (!source || source.commit === null) return { status: "open", why: "was made from files of no commit" };
    const { commit } = source;
    const objects = await refusal(() => this.#objectsOf(source, commit));
    if ("refused" in objects)
      return objects.refused.check === "pack-missing"
        ? { status: "missing", finding: objects.refused }
        : { status: "matched", findings: [objects.refused], isSigned: false };
    if (!objects.value) return { status: "open", why: "names no pack of its commit" };
    const found = objects.value;
    const named = await manifestsOf(report, attachment, this.#primitives);
    if (!named) return { status: "open", why: "lists its manifests in an attachment that is not at hand" };
    const outcome = await refusal(() => this.#compare(source, commit, named, found));
    return "value" in outcome
      ? { status: "matched", ...outcome.value }
      : { status: "matched", findings: [outcome.refused], isSigned: false };
  }

  async #objectsOf({ pack }: Source, commit: string): Promise<GitObjects | undefined> {
    const raw = await (this.#raw ??= objectsById(this.#repository.objects ?? [], this.#primitives));
    if (raw.has(commit)) return raw;
    if (!pack || !this.#repository.pack) return undefined;
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
  async #compare(source: Source, commit: string, named: readonly NamedManifest[], objects: GitObjects) {
    const object = objects.get(commit);
    if (object?.type !== "commit") throw new Refused("commit", `names commit ${commit}, which is not in its pack`);
    const { tree, committedOn, isSigned } = readCommit(object.content);
    const root = treeOf(source.manifestRoot ?? "", tree, objects);
    const files = new Map([...filesBelow(root, objects)].filter(([path]) => isManifest(path)));
    const findings: Finding[] = [];
    if (source.tree !== root && source.tree !== (await treeIdOf(files, this.#primitives)))
      findings.push({ check: "tree", message: `names tree ${source.tree}, and its commit has ${root} there` });
    if (source.committedOn && Math.floor(Date.parse(source.committedOn) / 1000) !== committedOn)
      findings.push({
        check: "commit",
        message: `says its commit is of ${source.committedOn}, and the commit says another time`,
      });
    if (source.commitSignature && (source.commitSignature.format !== "none") !== isSigned)
      findings.push({
        check: "commit",
        message: `says its commit ${isSigned ? "is not" : "is"} signed, and it ${isSigned ? "is" : "is not"}`,
      });
    findings.push(...bothWays(named, files), ...(await this.#contents(named, objects)));
    return { findings, isSigned };
  }

  /** SHA-1 alone would let one manifest pass for another that was made to collide with it. */
  async #contents(named: readonly NamedManifest[], objects: GitObjects): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (const { path, sha256, gitBlob } of named) {
      const blob = objects.get(gitBlob);
      if (blob?.type === "blob" && hex(await this.#primitives.sha256(blob.content)) !== sha256)
        findings.push({ check: "source", message: `names another content of ${path} than its commit has` });
      else if (!blob && !this.#repository.objects)
        findings.push({ check: "pack", message: `names ${path}, whose content is not in its pack` });
    }
    return findings;
  }
}

/** What a folder of manifests is read as: YAML, and nothing hidden on the way. */
const isManifest = (path: string): boolean =>
  /\.ya?ml$/.test(path) && !path.split("/").some((name) => name.startsWith("."));

function bothWays(named: readonly NamedManifest[], files: ReadonlyMap<string, string>): readonly Finding[] {
  const finding = (message: string): Finding => ({ check: "source", message });
  const paths = new Set(named.map(({ path }) => path));
  return [
    ...named.flatMap(({ path, gitBlob }) => {
      const committed = files.get(path);
      if (committed === gitBlob) return [];
      return finding(
        committed === undefined
          ? `names ${path}, which its commit does not have`
          : `names another content of ${path} than its commit has`,
      );
    }),
    ...[...files.keys()]
      .filter((path) => !paths.has(path))
      .map((path) => finding(`does not name ${path}, which its commit has`)),
  ];
}
