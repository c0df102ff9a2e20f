import type { Mend } from "../../../domain/change.ts";
import { canonical, digestOf } from "../../../domain/digest.ts";
import { partitionOf } from "../../../domain/identity.ts";
import { durationMs } from "../../duration.ts";
import type { DestructionInput } from "../mend/destruction-input.ts";
import type { Existence } from "../owners/survey.ts";
import { ownerKeys } from "../spec.ts";
import type { Destroying } from "./breach.ts";
import type { Setting } from "./findings.ts";
import { newerThan } from "./survivors.ts";

/** Minimum in code, and what holds where no policy says (rule 6). Milliseconds. */
const LEAST_GRACE_MS = 72 * 3_600_000;
const USUAL_GRACE = "14d";

/** What an announcement of a deletion or a shortening is bound to (rule 6). */
export function destructionOf(
  breach: Destroying,
  { target, vaultArn, newest, keepLast }: Setting,
): NonNullable<Mend["destruction"]> {
  const { row, rule } = breach;
  return {
    identity: {
      partition: partitionOf(target.region),
      vault: vaultArn,
      point: row.arn,
      createdOn: row.createdOn,
      action: breach.does,
      cause: breach.cause,
      policy: rule.name,
      block: digestOf(canonical(blockOf(breach))),
    },
    ...(breach.does === "shorten" ? { shorten: { createdOn: row.createdOn, wantedDays: breach.wantedDays } } : {}),
    beside: {
      status: row.status,
      rank: Math.min(keepLast, newerThan(row, newest.get(row.resourceArn)).length),
      bytes: row.bytes,
    },
    graceMs: Math.max(LEAST_GRACE_MS, durationMs(graceOf(breach) ?? USUAL_GRACE)),
    state: digestOf(canonical([row.status, row.statusMessage ?? null, row.roleArn ?? null])),
    last: false,
  };
}

/** What of the policy asks for it: an announcement lapses with a change of that. Another copy is another proof. */
const blockOf = (breach: Destroying): object => {
  const { retention, orphans } = breach.rule.spec;
  if (breach.cause !== "copied") return { retention, orphans };
  const [copy, ...others] = breach.copies.map(({ arn }) => arn);
  return { retention, copies: breach.asked, copy, ...(others.length > 0 ? { others } : {}) };
};

const graceOf = (breach: Destroying): string | undefined =>
  breach.cause === "copied" ? breach.asked.afterCopy?.grace : breach.rule.spec.orphans?.grace;

/** Everything a deletion or a shortening must look up again, as data: the finding may be read back elsewhere before it is applied. */
export function destructionInput(
  breach: Destroying,
  { vault, newest, existenceOf, keepLast }: Setting,
): DestructionInput {
  const { row } = breach;
  const existence = breach.cause === "resourceDeleted" ? existenceOf(row) : undefined;
  return {
    vault,
    arn: row.arn,
    status: row.status,
    deleteAfterDays: row.deleteAfterDays ?? null,
    resource: row.resourceArn,
    type: row.resourceType,
    roleArn: row.roleArn ?? null,
    newest: newest.get(row.resourceArn)?.any.arn ?? null,
    newer: newerThan(row, newest.get(row.resourceArn)).map((one) => ({
      arn: one.arn,
      status: one.status,
      deleteOn: one.deleteOn ?? null,
      keyArn: one.keyArn ?? null,
    })),
    keepLast,
    proof: proofOf(breach, existence),
  };
}

function proofOf(breach: Destroying, existence: Existence | undefined): DestructionInput["proof"] {
  const { row } = breach;
  if (breach.cause === "copied") return { of: "copies", copies: [...breach.copies] };
  if (breach.cause === "unowned") return { of: "owner", keys: [...ownerKeys(breach.rule.spec)] };
  if (breach.cause === "planDeleted" && row.planArn !== undefined) return { of: "plan", arn: row.planArn };
  return existence?.is === "absent" ? { of: "resource", owner: existence.owner } : null;
}
