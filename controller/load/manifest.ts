import * as z from "zod";
import type { Problem, Source } from "../domain/desired.ts";
import { memberOf, plain, positionOf, showPlace, type Located } from "./located.ts";
import type { ConsentKind } from "./manifests/consent-kind.ts";
import { FLEET } from "./manifests/fleet.ts";
import type { ManifestKind } from "./manifests/manifest-kind.ts";
import { PlainName } from "./manifests/common.ts";
import { API_VERSION, consentKinds, MANIFEST_KINDS, manifestKinds } from "./manifests/registry.ts";
import { errorAt, hasErrors, warningAt } from "./problems.ts";
import { schemaProblems } from "./schema-problems.ts";
import { fieldNames } from "./schema-names.ts";
import { readYaml, type SourceFile } from "./yaml.ts";

/** A document whose head is right: its kind is known, its name is fit, its spec has yet to be read. */
export interface Manifest {
  readonly name: string;
  readonly at: Source;
  /** Where its name was written. */
  readonly named: Source;
  readonly spec: Located;
}
export interface PlacedManifest extends Manifest {
  readonly kind: ManifestKind;
}
export interface ConsentManifest extends Manifest {
  readonly kind: ConsentKind;
}

export interface ManifestSet {
  readonly fleets: readonly Manifest[];
  readonly placed: readonly PlacedManifest[];
  readonly consents: readonly ConsentManifest[];
  readonly problems: readonly Problem[];
}

const Head = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.enum(MANIFEST_KINDS),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.record(z.string(), z.unknown()),
});
const headNames = fieldNames(Head);

const isManifestFile = ({ path }: SourceFile): boolean => /\.ya?ml$/i.test(path);

/** Reads every manifest of every file, and says everything that keeps one from being read. */
export function readManifests(files: readonly SourceFile[]): ManifestSet {
  const read = files.filter(isManifestFile).map(readYaml);
  const documents = read.flatMap(({ documents }) => documents).map(readDocument);
  const manifests = documents.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  return {
    fleets: manifests.filter((one) => one.kind === FLEET),
    placed: manifests.filter(isPlaced),
    consents: manifests.filter(isConsent),
    problems: [
      ...read.flatMap(({ problems }) => problems),
      ...documents.flatMap(({ problems }) => problems),
      ...duplicates(manifests),
    ],
  };
}

interface AnyManifest extends Manifest {
  readonly kind: typeof FLEET | ManifestKind | ConsentKind;
}

const isPlaced = (one: AnyManifest): one is PlacedManifest => one.kind !== FLEET && "parts" in one.kind;
const isConsent = (one: AnyManifest): one is ConsentManifest => one.kind !== FLEET && "read" in one.kind;

function readDocument(root: Located): { readonly manifest?: AnyManifest; readonly problems: readonly Problem[] } {
  if (root.type !== "map")
    return { problems: [errorAt(root.at, "a manifest is a map with apiVersion, kind, metadata and spec")] };
  const head = Head.safeParse(plain(root), { reportInput: true });
  if (!head.success)
    return { problems: schemaProblems(head.error.issues, { root, called: "a manifest", names: headNames }) };
  const { name } = head.data.metadata;
  const spec = memberOf(root, "spec");
  const kind = [...manifestKinds, ...consentKinds].find((one) => one.kind === head.data.kind) ?? FLEET;
  const problems = nameProblems(root, name, kind === FLEET ? PlainName : kind.name);
  if (!spec || hasErrors(problems)) return { problems };
  // What is missing from a spec is looked for at the word `spec`, not at whatever comes first in it.
  const named = positionOf(root, ["metadata", "name"]);
  return { manifest: { kind, name, at: root.at, named, spec: { ...spec.value, at: spec.at } }, problems };
}

function nameProblems(root: Located, name: string, schema: z.ZodType<string>): readonly Problem[] {
  const path = ["metadata", "name"];
  if (name.includes("${"))
    return [errorAt(positionOf(root, path), "metadata.name takes no variables: a manifest has one name everywhere")];
  const parsed = schema.safeParse(name, { reportInput: true });
  const examined = { root, called: "metadata.name", names: () => [] };
  return parsed.success ? [] : schemaProblems(parsed.error.issues.slice(0, 1), examined, path);
}

function duplicates(manifests: readonly AnyManifest[]): readonly Problem[] {
  const first = new Map<string, AnyManifest>();
  return manifests.flatMap((manifest) => {
    const what = `${kindName(manifest)} ${manifest.name}`;
    const earlier = first.get(what);
    if (!earlier) first.set(what, manifest);
    return earlier
      ? [
          errorAt(
            manifest.at,
            `${what} is declared already at ${showPlace(earlier.at)}`,
            "give it another name, or use overrides for what differs",
          ),
        ]
      : [];
  });
}

export const kindName = ({ kind }: Pick<AnyManifest, "kind">): string => (kind === FLEET ? FLEET : kind.kind);

/** The one Fleet. None means there is nothing to act on, and an empty desired state must never read as "remove everything" (law 7). */
export function fleetProblems(
  { fleets, placed, consents }: ManifestSet,
  files: readonly SourceFile[],
): readonly Problem[] {
  const [first, ...more] = fleets;
  if (first) return more.map((one) => errorAt(one.at, `there is a Fleet already at ${showPlace(first.at)}`, ONE_FLEET));
  const where = { path: files.find(isManifestFile)?.path ?? files[0]?.path ?? ".", line: 1, column: 1 };
  return [
    placed.length > 0
      ? errorAt(where, `no manifest of kind Fleet: nothing says where the others (${placed.length}) apply`, ONE_FLEET)
      : errorAt(
          where,
          `the desired state holds ${consents.length > 0 ? "nothing but approvals and waivers" : "no manifests"}: an empty one is never acted on`,
          ONE_FLEET,
        ),
  ];
}

const ONE_FLEET = "a desired state has one Fleet, which names its accounts and Regions";

/** A Fleet alone is no mistake, but it makes for a run that looks at nothing. */
export const nothingDeclared = (fleet: Manifest, { consents }: ManifestSet): Problem =>
  warningAt(
    fleet.at,
    consents.length > 0
      ? "the Fleet has approvals and waivers beside it and nothing else: nothing is declared for it"
      : "the Fleet is the only manifest: nothing is declared for it",
  );
