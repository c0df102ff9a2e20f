import type { Target } from "../../domain/identity.ts";
import { reaches } from "../../kinds/recovery-point/judge/matching.ts";
import type { RecoveryPointRuleSpec } from "../../kinds/recovery-point/spec.ts";
import type { Setting } from "../manifests/manifest-kind.ts";
import { didYouMean } from "../problems.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";

/** Resource types as AWS Backup spells them (semantics §4.1, §6.5). New ones come without notice: an unknown one is a warning. */
export const RESOURCE_TYPES = [
  "Aurora",
  "CloudFormation",
  "DocumentDB",
  "DSQL",
  "DynamoDB",
  "EBS",
  "EC2",
  "EFS",
  "EKS",
  "FSx",
  "Neptune",
  "RDS",
  "Redshift",
  "Redshift Serverless",
  "S3",
  "SAP HANA on Amazon EC2",
  "Storage Gateway",
  "Timestream",
  "VirtualMachine",
];

/** What a vault may be called (semantics §1.1), AWS's own with their slashes, and wildcards. */
const VAULT_PATTERN = /^[\w/*?-]+$/;

/** AWS's 50 tags, less the two that tell people of an orphan (rule 12). */
const MOST_TAGS = 48;

export function* recoveryPointLimits(spec: RecoveryPointRuleSpec, { target }: Setting): Generator<Limit> {
  const { match, retention, copies, tags } = spec;
  for (const [index, type] of (match.resourceTypes ?? []).entries())
    if (!RESOURCE_TYPES.includes(type))
      yield warn(
        ["match", "resourceTypes", index],
        `names ${type}, which is not a resource type that AWS Backup had when this was written`,
        didYouMean(type, RESOURCE_TYPES),
      );
  for (const [index, pattern] of (match.vaults ?? []).entries())
    if (!VAULT_PATTERN.test(pattern))
      yield warn(
        ["match", "vaults", index],
        `fits no vault: ${pattern} has more than letters, digits, - and _, and wildcards are * and ? alone`,
        "give each name a pattern of its own",
      );
  if (asksForNothing(spec))
    yield warn(
      [],
      "asks for nothing",
      "give retention, orphans, copies, encryption, tags, tagsFromResource or placement",
    );
  if (retention && retention.atLeastDays === undefined && retention.atMostDays === undefined)
    yield warn(["retention"], "asks for nothing", "give atLeastDays, atMostDays or both");
  if (Object.keys(tags ?? {}).length > MOST_TAGS)
    yield refuse(["tags"], "has more than 48 tags: AWS allows 50, of which two are orphan marks");
  yield* repeated(["copies"], copies, ({ to }) => `${to.account}/${to.region}/${to.vault}`, "to");
  yield* backfilledByNobody(spec);
  yield* keptAnyway(spec);
  if (target) yield* circularCopies(spec, target);
}

/** To backfill is to start copies, and `notify`, the default, starts none: older points are told of by `since` as well. */
function* backfilledByNobody({ copies = [] }: RecoveryPointRuleSpec): Generator<Limit> {
  for (const [index, { backfill, remedy }] of copies.entries())
    if (backfill !== "none" && remedy === "notify")
      yield refuse(
        ["copies", index, "backfill"],
        `is ${backfill}, and remedy: notify starts no copy`,
        "say remedy: copyAgain to have older points copied, or leave backfill out: an earlier since reports older points too",
      );
}

/** What a policy keeps it does not leave to a copy: the longer of the two wins. */
function* keptAnyway({ retention, copies = [] }: RecoveryPointRuleSpec): Generator<Limit> {
  for (const [index, { afterCopy }] of copies.entries())
    if (afterCopy && afterCopy.keepLocalDays < (retention?.atLeastDays ?? 0))
      yield warn(
        ["copies", index, "afterCopy", "keepLocalDays"],
        `is ${afterCopy.keepLocalDays}, and retention.atLeastDays keeps points for ${retention?.atLeastDays}: that is when they go`,
        "lower retention.atLeastDays, and say copies[].retention for how long copies are kept",
      );
}

const asksForNothing = ({ tags = {}, ...spec }: RecoveryPointRuleSpec) =>
  [spec.retention, spec.orphans, spec.copies, spec.encryption, spec.tagsFromResource, spec.placement].every(
    (one) => one === undefined,
  ) && Object.keys(tags).length === 0;

/** A policy that judged its own copies would want a copy of each in the very vault they are in. */
function* circularCopies(spec: RecoveryPointRuleSpec, target: Target): Generator<Limit> {
  for (const [index, { to }] of (spec.copies ?? []).entries())
    if (to.account === target.account && to.region === target.region && reaches(spec, to.vault))
      yield refuse(
        ["copies", index, "to"],
        `is vault ${to.vault}, which the policy itself matches there: its points would be copied into where they are`,
        "narrow match.vaults, or targets",
      );
}
