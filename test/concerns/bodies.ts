import { nothingLookedAt } from "../../controller/attest/report/nothing-looked-at.ts";
import { Digest, instant, Target } from "../../controller/domain/identity.ts";
import type { HoldRow, ResourceRow } from "../../controller/domain/report-rows.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import type { FailedJob } from "../../controller/domain/survey.ts";

export const MORNING = new Date("2026-03-02T05:00:00Z");
export const later = (hours: number): Date => new Date(MORNING.getTime() + hours * 3_600_000);

export const SHOP = Target.parse({ account: "444455556666", region: "eu-west-1" });
export const BANK = Target.parse({ account: "222233334444", region: "eu-central-1" });
export const BILLING = `arn:aws:rds:eu-west-1:${SHOP.account}:db:billing`;

/** A report of a whole run over two targets in which all is well, with what it says otherwise. */
export function bodyOf(said: Partial<ReportBody> = {}, now = MORNING): ReportBody {
  const self = {
    imageDigest: null,
    configSha256: Digest.parse("0".repeat(64)),
    region: "eu-west-1",
    clock: { source: "system", maxErrorMs: null },
    nextReportWithin: 0,
  } as const;
  const body = nothingLookedAt({ id: "run-1", reporter: { id: "test", version: "0" } }, self, now);
  const targets = [SHOP, BANK];
  return {
    ...body,
    scope: { ...body.scope, fleet: "acme" },
    targets: targets.map((target) => ({ target, result: "CONVERGED" as const })),
    listings: targets.map((target) => ({ target, kind: "plan", items: 1, complete: true })),
    governed: targets.map((target) => governed(target, true)),
    ...said,
  };
}

export const governed = (target: Target, complete: boolean): ReportBody["governed"][number] => ({
  target,
  kind: "protected-resource",
  partition: "resources",
  complete,
  counts: {},
});

/** The same, over a part of the fleet. */
export const partOf = (target: Target, said: Partial<ReportBody> = {}): ReportBody => {
  const body = bodyOf(said);
  return {
    ...body,
    scope: { ...body.scope, partial: true },
    targets: body.targets.filter((one) => one.target === target),
    listings: body.listings.filter((one) => one.target === target),
    governed: body.governed.filter((one) => one.target === target),
  };
};

export const failedJob = (over: Partial<FailedJob> = {}): FailedJob => ({
  jobId: "job-1",
  kind: "backup",
  target: SHOP,
  arn: BILLING,
  plan: "nightly",
  state: "FAILED",
  message: "the role is not authorized to use the key",
  on: instant(later(-2)),
  ...over,
});

export const finding = (
  cause: string,
  over: Partial<ResourceRow> = {},
  note: Partial<NonNullable<ResourceRow["finding"]>> = {},
): ResourceRow => ({
  key: { target: SHOP, kind: "protected-resource", name: over.id ?? BILLING },
  id: BILLING,
  outcome: "held",
  checkedOn: instant(MORNING),
  requestIds: [],
  drift: "finding",
  differences: [],
  because: "no plan selects it",
  finding: { cause, policy: "everything", partition: "resources", bytes: 0, resource: over.id ?? BILLING, ...note },
  change: `change-${cause}-${over.id ?? BILLING}`,
  ...over,
});

export const holdOf = (row: ResourceRow, reason: HoldRow["reason"], also: HoldRow["also"] = []): HoldRow => ({
  ...(row.change === undefined ? {} : { change: row.change }),
  key: row.key,
  ...(row.finding ? { subject: row.id ?? "" } : {}),
  ...(row.manifest ? { manifest: row.manifest } : {}),
  reason,
  also,
  because: `because of ${reason}`,
  release: `release of ${reason}`,
});

export const planHold = (reason: HoldRow["reason"], target = SHOP): HoldRow => ({
  key: { target, kind: "plan", name: "nightly" },
  change: "abcdefghijkl",
  action: "update",
  reason,
  also: [],
  because: `because of ${reason}`,
  release: `release of ${reason}`,
});
