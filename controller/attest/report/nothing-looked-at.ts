import { instant } from "../../domain/identity.ts";
import type { ReportBody } from "../../domain/report.ts";
import type { Run, Self } from "../../ports.ts";
import { NOTHING_CARRIED } from "../memory/carry.ts";
import { sectionCounts } from "./sections.ts";
import { notSurveyed } from "./surveyed.ts";

/** A report of no run: nothing of the fleet was looked at, so nothing is said to be well. */
export function nothingLookedAt({ id, reporter }: Pick<Run, "id" | "reporter">, self: Self, now: Date): ReportBody {
  const lists = {
    resources: [],
    held: [],
    changes: [],
    actions: [],
    recovered: [],
    exceptions: [],
    listings: [],
    governed: [],
    ...notSurveyed(now, now),
  };
  return {
    schema: "1.0",
    reporter: {
      ...reporter,
      imageDigest: self.imageDigest,
      configSha256: self.configSha256,
      principalArn: null,
      accountId: null,
      region: self.region,
    },
    source: null,
    scope: { fleet: null, accounts: [], regions: [], resourceTypes: [], partial: false, exclusions: [] },
    run: {
      id,
      trigger: "manual",
      mode: "observe",
      startedOn: instant(now),
      finishedOn: instant(now),
      attempts: 1,
      clock: { ...self.clock },
    },
    result: "INCOMPLETE",
    targets: [],
    summary: { ...sectionCounts(lists) },
    ...lists,
    standDowns: [],
    carried: NOTHING_CARRIED,
    attachments: [],
    limitations: [],
  };
}
