import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, operationsOf, passages, told, writesSince } from "./telling.ts";

const policy = (retention: string): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: production-retention }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  retention: ${retention}
`,
});

const DAY_MS = 86_400_000;
const TABLE = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/invoices`;

/** Three nights in a vault that nobody declared, kept for a week each. */
function threeNights(retention: string): Universe {
  const u = universe({ files: policy(retention) });
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  for (const night of [1, 2, 3])
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: `${TABLE}/backup/0${night}`,
      resourceArn: TABLE,
      resourceType: "DynamoDB",
      creationDate: new Date(u.simulator.clock.now().getTime() - night * DAY_MS),
      lifecycle: { DeleteAfterDays: 7 },
    });
  return u;
}

const retentions = ({ simulator }: Universe): readonly (number | undefined)[] =>
  [...(simulator.backup(SHOP, IRELAND).vaults.get("legacy")?.points ?? [])].map(
    ({ lifecycle }) => lifecycle.DeleteAfterDays,
  );

describe("recovery points", () => {
  it("that go too soon are kept longer, by the role that can do nothing else", async () => {
    const u = threeNights("{ atLeastDays: 35 }");
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(retentions(u)).toEqual([35, 35, 35]);
    expect(run.report.jobs.oldestRecoveryPointOn).toBe("2026-02-26T05:00:00.000Z");
    const writes = writesSince(u, 0);
    expect(new Set(operationsOf(writes))).toEqual(new Set(["UpdateRecoveryPointLifecycle"]));
    expect(writes.every(({ principal }) => principal.includes("assumed-role/holdfast-retain/"))).toBe(true);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("that are kept longer than they should be stay as they are: shortening destroys, and waits", async () => {
    const u = threeNights("{ atMostDays: 3 }");
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from)).toEqual([]);
    expect(retentions(u)).toEqual([7, 7, 7]);
    expect(passages(run.text, "held:")).toMatchInlineSnapshot(`
      "!   recovery-point arn:aws:dynamodb:eu-west-1:444455556666:table/invoices/backup/01 in legacy,
            held: last-point                                                                           points.yaml:2
            it is the last restorable point of arn:aws:dynamodb:eu-west-1:444455556666:table/invoices in legacy and
              goes on 2026-03-07; it was made by hand, so no plan makes another
            because: nothing will come after it
            released by: back the resource up again, keep this point for longer, or accept it in a Waiver

      !   shorten recovery-point arn:aws:dynamodb:eu-west-1:444455556666:table/invoices/backup/01 in legacy,
            held: needs-approval                                                                       points.yaml:2
            destroys · change vdyc5qcxjnqh
            kept 7 days, and production-retention asks for at most 3
            lifecycle.deleteAfterDays: 7 → 3
            because: it lets a stored backup go earlier
            released by: another policy, or \`holdfast approve vdyc5qcxjnqh\`, committed
            also held by: not-announced, last-point, cannot-mend (approving the change does not release last-point,
              cannot-mend)

      !   shorten 2 recovery points in legacy, held: needs-approval                                    points.yaml:2
            destroys
            kept 7 days, and production-retention asks for at most 3
            lifecycle.deleteAfterDays: 7 → 3
            arn:aws:dynamodb:eu-west-1:444455556666:table/invoices/backup/02  change mcwdhvwx7mz6
            arn:aws:dynamodb:eu-west-1:444455556666:table/invoices/backup/03  change 2zib2lqvlrnj
            because: it lets a stored backup go earlier
            released by: another policy, or \`holdfast approve <id>\`, committed
            also held by: not-announced, cannot-mend (approving the change does not release cannot-mend)"
    `);
  });

  it("of a listing that broke off are judged by nobody's absence: what was seen may be lengthened, nothing is said of the rest", async () => {
    const u = threeNights("{ atLeastDays: 35 }");
    u.simulator.faults.add({
      service: "backup",
      operation: "ListRecoveryPointsByBackupVault",
      account: SHOP,
      effect: { kind: "deny" },
    });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(retentions(u)).toEqual([7, 7, 7]);
    expect(passages(run.text, "?   unknown")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListRecoveryPointsByBackupVault was denied
            User is not authorized to perform: backup:ListRecoveryPointsByBackupVault with an explicit deny in a
              service control policy (AccessDeniedException)
            not judged: recovery-point legacy"
    `);
  });
});
