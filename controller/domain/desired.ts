import { canonical, digestOf } from "./digest.ts";
import type { Digest, ResourceKey, Target } from "./identity.ts";

/** Where a person wrote it. Lines and columns count from 1. */
export interface Source {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Source {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do, where there is one thing to do. */
  readonly hint?: string;
}

/** enforce: correct drift. observe: judge, report and hold. suspended: observed, not judged, never surplus. */
export type Management =
  { readonly mode: "enforce" } | { readonly mode: "observe" } | { readonly mode: "suspended"; readonly reason: string };

/** No consent, consent by name, or consent to the one resource with this id where several share a name (rule 19). */
export type Adoption = boolean | string;

interface DesiredCommon {
  readonly key: ResourceKey;
  readonly management: Management;
  readonly adopt: Adoption;
  readonly source: Source;
  /** The resource this one is part of: held when its parent is, and as much ours as its parent is. */
  readonly within?: ResourceKey;
}

/** One resource as it should be in one target, or declared to be absent (`accessPolicy: none`). */
export type Desired<Spec = unknown> =
  (DesiredCommon & { readonly want: "present"; readonly spec: Spec }) | (DesiredCommon & { readonly want: "absent" });

export type Wanted<Spec = unknown> = Extract<Desired<Spec>, { want: "present" }>;

/** What a governed kind is judged by, in one target. */
export interface Rule<Spec = unknown> {
  readonly kind: string;
  readonly name: string;
  readonly target: Target;
  readonly spec: Spec;
  readonly management: Management;
  readonly source: Source;
}

/** One file of the desired state, as read. `gitBlob` is git's SHA-1 object id, so that stock git can check it. */
export interface ManifestFile {
  readonly path: string;
  readonly sha256: Digest;
  readonly gitBlob: string;
}

/** One digest for a whole desired state: its paths and contents, in no order. */
export const desiredDigest = (files: readonly Pick<ManifestFile, "path" | "sha256">[]): Digest =>
  digestOf(canonical(Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]))));

/** Exactly which desired state a run acted on (rules 25, 35). */
export interface Revision {
  readonly digest: Digest;
  readonly commit: string | null;
  readonly tree: string;
  readonly dirty: boolean;
  /** Of HEAD; null where the desired state is a plain folder. */
  readonly sequence: number | null;
  readonly fastForward: boolean | null;
  readonly previousCommit: string | null;
  readonly uri: string;
  readonly files: readonly ManifestFile[];
}

export interface Guardrails {
  /** Most open targets at once. */
  readonly concurrency: number;
  /** Most weakening or destructive changes, absolute and as a share of what is declared or governed there (law 7). */
  readonly budget: { readonly perTarget: number; readonly perRun: number; readonly percent: number };
  /** The desired state shrank: fewer than this share of the last run's declared resources are left. Per cent. */
  readonly shrinkPercent: number;
  /** Most corrections of one field within 24 h before it counts as contested (rule 17). */
  readonly contestedAfter: number;
}

export interface RoleNames {
  readonly observe: string;
  readonly apply: string;
  readonly retain: string;
  readonly destroy: string;
}

export interface FleetAccess {
  readonly mode: "assumeRole" | "ambient";
  readonly roles: RoleNames;
  readonly rolePath: string;
  readonly externalId?: string;
}

/** The fleet as resolved for one run. */
export interface Fleet {
  readonly name: string;
  readonly access: FleetAccess;
  readonly targets: readonly Target[];
  /** Accounts left out, each with its reason: an exclusion in git, or Organizations says it is not ACTIVE (rule 27). */
  readonly excluded: readonly { readonly account: string; readonly reason: string }[];
  readonly guardrails: Guardrails;
}

export interface DesiredState {
  readonly revision: Revision;
  readonly fleet: Fleet;
  readonly resources: readonly Desired[];
  readonly rules: readonly Rule[];
  readonly warnings: readonly Problem[];
}
