import type { AwsFailure } from "../../../domain/errors.ts";
import { showTarget, type Target } from "../../../domain/identity.ts";
import { durationMs } from "../../duration.ts";
import type { ResourceRow } from "../row.ts";
import type { ProtectedResourceRuleSpec, RequiredCopy } from "../spec.ts";
import { USUAL_DELAY_MS } from "../survey/survey.ts";
import { ageOf, bestOf, type FleetPoints, type FleetVault, type Found, isAt, type Unread } from "./fleet-points.ts";

/** One way in which a resource is not protected as a policy asks. */
export type Breach =
  | { readonly cause: "unprotected" }
  /**
   * `best`: the newest usable point that was found, however old. Without it AWS Backup remembers one (`lastBackupOn`), or what it remembers
   * could not be read: none is young enough, and whether there ever was one is unknown.
   */
  | { readonly cause: "rpo-breach"; readonly best?: Found; readonly lastBackupOn?: number | undefined }
  | { readonly cause: "uncopied"; readonly copy: RequiredCopy }
  | { readonly cause: "unlocked"; readonly immutable: NonNullable<ProtectedResourceRuleSpec["immutable"]> };

/** How a resource stands to a policy. `unknown`: what could not be read decides. */
export interface Standing {
  readonly breaches: readonly Breach[];
  readonly unknown: readonly Doubt[];
}

/** Why nobody can tell: what could not be read, or that the resource may be deleted, or be covered by another, for all that could. */
export type Doubt = AwsFailure | "forgotten";

/** Where a target's resources stand, and when. */
export interface Ground {
  readonly here: Target;
  readonly points: FleetPoints;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Everything that a policy asks of a resource, by the recovery points that there are. */
export function standingOf(row: ResourceRow, spec: ProtectedResourceRuleSpec, ground: Ground): Standing {
  const found = ground.points.of(row.arn);
  const rpo = rpoAnswer(row, durationMs(spec.rpo), found, ground);
  // What a fresh point lacks is asked once there is one: until then there is nothing to copy.
  const further = rpo === "met" ? furtherAnswers(spec, found, ground) : [];
  const all = [rpo, ...further];
  return {
    breaches: all.filter((one): one is Breach => typeof one === "object" && "cause" in one),
    unknown: all.flatMap((one) => (typeof one === "object" && "unknown" in one ? [one.unknown] : [])),
  };
}

/** What is younger than its policy's RPO cannot be in breach of it yet, if some plan will back it up. */
export const isNew = (
  { createdOn }: ResourceRow,
  { rpo }: Pick<ProtectedResourceRuleSpec, "rpo">,
  { now }: Pick<Ground, "now">,
): boolean => createdOn !== undefined && now - createdOn < durationMs(rpo);

type Answer = "met" | Breach | { readonly unknown: Doubt };

/** Not met is concluded only where no younger point can lie anywhere that was not read (law 1). */
function rpoAnswer(row: ResourceRow, rpoMs: number, found: readonly Found[], { here, points, now }: Ground): Answer {
  const best = bestOf(found);
  if (best && ageOf(best, now) <= rpoMs) return "met";
  const doubt = points.unread.find((one) => isAt(one, here)) ?? elsewhere(row, now - rpoMs, points.unread);
  if (doubt) return { unknown: doubt.failure };
  if (row.existence === "unknown") return { unknown: "forgotten" };
  const { lastBackupOn } = row;
  if (best) return { cause: "rpo-breach", best };
  const isKnown = lastBackupOn === null || (lastBackupOn === undefined && points.everyAge);
  return isKnown ? { cause: "unprotected" } : { cause: "rpo-breach", lastBackupOn };
}

/**
 * A copy is as old as its source: where AWS Backup last backed the resource up before `since`, or never, no younger point lies anywhere
 * else. Of what it backed up since, one may.
 */
const elsewhere = ({ lastBackupOn }: ResourceRow, since: number, unread: readonly Unread[]): Unread | undefined =>
  lastBackupOn === undefined || (lastBackupOn !== null && lastBackupOn > since) ? unread[0] : undefined;

function furtherAnswers(spec: ProtectedResourceRuleSpec, found: readonly Found[], ground: Ground): readonly Answer[] {
  const rpoMs = durationMs(spec.rpo);
  const copies = (spec.copies ?? []).map((copy): Answer => {
    if (!ground.points.targets.some((target) => isThere(copy.to, target))) return { unknown: outside(copy) };
    const place = { fits: (one: FleetVault) => liesIn(copy, one), mayFit: (one: Unread) => mayLieIn(copy, one) };
    return inPlace(place, rpoMs, durationMs(copy.within), found, ground) ?? ({ cause: "uncopied", copy } as const);
  });
  const { immutable } = spec;
  if (immutable === undefined) return copies;
  const place = {
    fits: ({ vault: { keeping } }: FleetVault) =>
      (keeping === "airGapped" && immutable !== "locked") || (keeping === "compliance" && immutable !== "airGapped"),
    mayFit: ({ vault }: Unread) => vault === undefined || vault.keeping !== "nothing",
  };
  return [
    ...copies,
    inPlace(place, rpoMs, USUAL_DELAY_MS, found, ground) ?? ({ cause: "unlocked", immutable } as const),
  ];
}

const outside = ({ to }: RequiredCopy): AwsFailure => ({
  kind: "unreachable",
  operation: "observe",
  message: `the fleet does not reach ${placeText(to)}, so nobody can tell what is copied there`,
});

interface Place {
  readonly fits: (one: FleetVault) => boolean;
  readonly mayFit: (one: Unread) => boolean;
}

/** Undefined: nothing young enough lies there, and something was old enough to have come. */
function inPlace(
  { fits, mayFit }: Place,
  rpoMs: number,
  delayMs: number,
  found: readonly Found[],
  { points, now }: Ground,
): Extract<Answer, "met" | { unknown: Doubt }> | undefined {
  if (found.some((one) => fits(one) && ageOf(one, now) <= rpoMs + delayMs)) return "met";
  const doubt = points.unread.find(mayFit);
  if (doubt) return { unknown: doubt.failure };
  return found.every(({ held }) => now - held.firstOn <= delayMs) ? "met" : undefined;
}

const liesIn = ({ to }: RequiredCopy, { target, vault }: FleetVault): boolean =>
  isThere(to, target) && (to.vault === undefined || to.vault === vault.name);

const mayLieIn = ({ to }: RequiredCopy, { target, vault }: Unread): boolean =>
  isThere(to, target) && (vault === undefined || to.vault === undefined || to.vault === vault.name);

const isThere = ({ account, region }: RequiredCopy["to"], target: Target): boolean =>
  (account === undefined || account === target.account) && (region === undefined || region === target.region);

/** `account 222233334444, eu-central-1, vault central`. */
export const placeText = ({ account, region, vault }: RequiredCopy["to"]): string =>
  [account && `account ${account}`, region, vault && `vault ${vault}`].filter(Boolean).join(", ");

/** `vault nightly of 444455556666/eu-west-1`. */
export const vaultText = ({ vault, target }: FleetVault): string => `vault ${vault.name} of ${showTarget(target)}`;
