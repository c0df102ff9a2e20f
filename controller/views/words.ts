import type { Action } from "../domain/change.ts";
import type { Revision, Source } from "../domain/desired.ts";
import type { Hazard } from "../domain/effect.ts";
import type { FailureKind } from "../domain/errors.ts";
import type { ShownUnknown } from "./shown.ts";

/** What stands in column one. A word always says the same, so that neither colour nor mark has to be known. */
export const MARK: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "-/+",
  prune: "-",
  adopt: "=",
  amend: "*",
};
export const HELD = "!";
export const UNKNOWN = "?";

/** A finding's mending goes by what it does to the reader's backups: only what deletes is marked as such. */
export const markOf = (action: string | undefined, step?: string): string =>
  step === "delete" ? MARK.prune : isAction(action) ? MARK[action] : " ";

/** What mending a finding does. A word of a later release is given as it is. */
const STEP_WORDS: Readonly<Record<string, string>> = { lifecycle: "lengthen" };
export const verbOf = ({ action, step }: { readonly action?: string; readonly step?: string }): string | undefined =>
  step === undefined ? action : (STEP_WORDS[step] ?? step);

const isAction = (word: string | undefined): word is Action => word !== undefined && Object.hasOwn(MARK, word);

export const HAZARD_WORDS: Readonly<Record<Hazard, string>> = {
  "fails-jobs": "jobs would fail",
  interrupts: "interrupts continuous backup",
  irreversible: "cannot be undone",
  costs: "costs",
};

const FAILURE_WORDS: Readonly<Record<FailureKind, string>> = {
  denied: "was denied",
  unreachable: "could not enter the account",
  expired: "had expired credentials",
  throttled: "was throttled",
  missing: "found nothing",
  exists: "found it there already",
  conflict: "met another action under way",
  quota: "met a quota",
  invalid: "was refused as invalid",
  unsupported: "is not offered by the endpoint",
  unavailable: "got no usable answer",
  unanswered: "got no answer",
};

/** `backup:ListBackupVaults was denied`. A report may hold a word of a later release, which is given as it is. */
export function failureHeadline({ operation, kind }: ShownUnknown["failure"]): string {
  const words: Readonly<Record<string, string>> = FAILURE_WORDS;
  return `${operation} ${words[kind] ?? kind}`;
}

export const countOf = (count: number, noun: string): string => `${count} ${count === 1 ? noun : plural(noun)}`;

/** `recovery-point` → `recovery points`: kinds are named in the singular, with hyphens. */
function plural(noun: string): string {
  const words = noun.replaceAll("-", " ");
  if (words.endsWith("s")) return words;
  return /[^aeiou]y$/.test(words) ? `${words.slice(0, -1)}ies` : `${words}s`;
}

/** The first few of many names, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const told = names.length > LISTED + 1 ? names.slice(0, LISTED) : names;
  return told.length < names.length ? `${told.join(", ")} and ${names.length - told.length} more` : told.join(", ");
}
const LISTED = 4;

export const placeOf = (source: Source): string => `${source.path}:${source.line}`;

/** A revision by its commit; a plain folder, which has none, by the digest of its manifests. */
export function revisionText({ commit, digest, sequence, dirty }: RevisionName): string {
  if (commit === null) return `manifests ${digest.slice(0, 12)}, of no commit`;
  const head = sequence === null ? "" : `, HEAD ${sequence}`;
  return `commit ${commit.slice(0, 12)}${head}${dirty ? ", with edits that it does not have" : ""}`;
}
type RevisionName = Pick<Revision, "commit" | "digest" | "sequence" | "dirty">;

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes in the binary units that AWS Backup counts in, to one decimal. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power] ?? ""}`;
}
