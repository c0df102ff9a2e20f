import type { Bar, Finding, Mend } from "../../../domain/change.ts";
import { sameTarget, type Target } from "../../../domain/identity.ts";
import { ownerBy } from "../../../domain/owner.ts";
import { orderText, type Order } from "../order.ts";
import { outsideText } from "../outside/outside.ts";
import { RESOURCES } from "../population/stream.ts";
import type { ResourceRow } from "../row.ts";
import { ageOf, bestOf, type FleetPoints } from "./fleet-points.ts";
import type { CoverageRule } from "./matching.ts";
import { placeText, type Breach, vaultText } from "./standing.ts";
import type { Reason } from "./why.ts";

/** What a breach is told with. */
export interface Telling {
  readonly here: Target;
  readonly points: FleetPoints;
  readonly now: number;
  readonly row: ResourceRow;
  readonly rule: CoverageRule;
  /** Why there is no younger point, as far as its plans tell, and what would make one. */
  readonly reason: Reason;
  /** Backups that its plans' rules should have made, the likeliest first. */
  readonly orders: readonly Order[];
}

/** A resource that its policy is not met by. What jobs say of it comes with `examine`. */
export function toFinding(breach: Breach, telling: Telling): Finding {
  const gone = goneVault(breach, telling);
  const noVault = gone === undefined ? "" : `, and there is no vault ${gone} here`;
  const because = `${breachText(breach, telling)}${idle(telling.row)}; ${telling.reason.because}${noVault}${besides(breach, telling.row)}`;
  const mend = mendOf(breach, telling);
  const { here, row, rule, orders } = telling;
  return {
    ...common(row, rule, here),
    // A person's break glass on the plan goes for what is started in its name (rule 27).
    ...(orders[0] ? { within: { target: here, kind: "plan", name: orders[0].planName } } : {}),
    cause: breach.cause,
    because,
    bars: mend ? [] : [reportedOnly(because, breach, telling)],
    ...(mend ? { mend } : {}),
  };
}

export const common = ({ arn, type, tags }: ResourceRow, rule: CoverageRule, here: Target) => ({
  key: { target: here, kind: "protected-resource", name: arn },
  subject: arn,
  partition: RESOURCES,
  within: { target: here, kind: "protected-resource", name: arn },
  judgedIn: here,
  of: { resource: arn, type, ...ownerIn(tags, rule) },
  rule: { name: rule.name, source: rule.source },
  bytes: 0,
  management: rule.management.mode === "enforce" ? ("enforce" as const) : ("observe" as const),
});

function ownerIn(tags: ResourceRow["tags"] = {}, { spec }: CoverageRule): { readonly owner?: string } {
  const owner = ownerBy(spec.ownerTags ?? [], tags);
  return owner === undefined ? {} : { owner };
}

/** Several plans back a resource up: nothing is wrong with its protection, and it is paid for more than once. */
export function overlapFinding(
  plans: readonly string[],
  { row, rule, here }: Pick<Telling, "row" | "rule" | "here">,
): Finding {
  const because = `plans ${plans.join(" and ")} both back it up, and each of their recovery points is paid for`;
  return {
    ...common(row, rule, here),
    within: { target: here, kind: "plan", name: plans[0] ?? "" },
    cause: "overlap",
    because,
    bars: [{ reason: "cannot-mend", because, release: "one plan for it, or a Waiver where it is meant" }],
  };
}

/** What is wanting, in half a sentence. */
export function breachText(
  breach: Breach,
  { rule, row, points, now }: Pick<Telling, "rule" | "row" | "points" | "now">,
): string {
  const asks = `${rule.name} asks for one every ${rule.spec.rpo}`;
  switch (breach.cause) {
    case "unprotected":
      return `there is no usable recovery point of it, and ${asks}`;
    case "rpo-breach":
      if (breach.best === undefined && breach.lastBackupOn === undefined)
        return `there is no usable recovery point of it that is young enough, and ${asks}; whether it was ever backed up could not be read`;
      if (breach.best === undefined)
        return `AWS Backup last backed it up on ${dateText(breach.lastBackupOn ?? 0)}, of which no usable recovery point was found, and ${asks}`;
      return `its newest usable recovery point is ${durationText(ageOf(breach.best, now))} old (${dateText(breach.best.held.createdOn)}, in ${vaultText(breach.best)}), and ${asks}`;
    case "uncopied":
      return `no recovery point of it lies in ${placeText(breach.copy.to)}, which ${rule.name} asks for within ${breach.copy.within}; the newest one lies in ${newestPlace(row, points)}`;
    case "unlocked":
      return `no recovery point of it lies where nobody can delete it, which ${rule.name} asks for (immutable: ${breach.immutable}); the newest one lies in ${newestPlace(row, points)}`;
    default:
      return breach satisfies never;
  }
}

function newestPlace({ arn }: ResourceRow, points: FleetPoints): string {
  const best = bestOf(points.of(arn));
  if (!best) return "none of the fleet's vaults";
  return best.vault.keeping === "governance"
    ? `${vaultText(best)}, whose lock its administrators can take off`
    : vaultText(best);
}

const idle = ({ idle: how }: ResourceRow): string => (how === undefined ? "" : `; it is ${how}`);

/** What there is outside AWS Backup, as far as listings tell, while it has no point that is young enough: `examine` asks for more. */
function besides(breach: Breach, row: ResourceRow): string {
  const { ownBackupDays: days } = row;
  if (days === undefined || !isMissing(breach)) return "";
  return `; outside AWS Backup ${outsideText({ by: "its-service", days }, row)}`;
}

/** No point is young enough, so that nothing makes up for it but another backup. */
export const isMissing = ({ cause }: { readonly cause: string }): boolean =>
  cause === "unprotected" || cause === "rpo-breach";

/** Orders into a vault that is there: what is missing is told only where every vault of its target was seen. */
const possible = ({ orders, points, here }: Telling): readonly Order[] =>
  orders.filter((order) =>
    points.vaults.some(({ target, vault }) => vault.name === order.vault && sameTarget(target, here)),
  );

/** The vault that is missing where no plan can make a point: its own jobs fail for that, and so would one of ours. */
const goneVault = (breach: Breach, telling: Telling): string | undefined =>
  isMissing(breach) && possible(telling).length === 0 ? telling.orders[0]?.vault : undefined;

/** What would be sent, before jobs are looked at: any of these orders, and what it makes up for. */
function mendOf(breach: Breach, telling: Telling): Mend | undefined {
  const { row, rule } = telling;
  const orders = possible(telling);
  const [order] = orders;
  if (!isMissing(breach) || rule.spec.remedy !== "backUpNow" || order === undefined) return undefined;
  const lastGoodOn = breach.cause === "rpo-breach" ? breach.best?.held.createdOn : undefined;
  return {
    step: "back-up-now",
    fields: [
      {
        path: "recoveryPoint",
        live: lastGoodOn === undefined ? undefined : dateText(lastGoodOn),
        desired: `a backup by ${orderText(order)}`,
        effect: "strengthens",
        on: "in-place",
        hazards: [],
      },
    ],
    input: { resource: row.arn, orders },
    backups: true,
  };
}

function reportedOnly(because: string, breach: Breach, telling: Telling): Bar {
  const { reason, rule, orders } = telling;
  const gone = goneVault(breach, telling);
  if (gone !== undefined)
    return { reason: "cannot-mend", because, release: `the vault ${gone}, or another one in the plan's rule` };
  const byItself =
    isMissing(breach) && orders.length > 0 && rule.spec.remedy === "notify"
      ? ", or remedy: backUpNow in the policy"
      : "";
  return { reason: "cannot-mend", because, release: `${reason.release(breach.cause)}${byItself}` };
}

/** `2026-03-01T03:00Z`. */
export const dateText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;

/** Hours below two days, days above. */
function durationText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
