import { describe, expect, it } from "vitest";
import { universe, type Universe } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { later, planOf } from "./people.ts";
import { mark, operationsOf, passages, told, writesSince } from "./telling.ts";

const SELECTED = "listOfTags: [{ key: backup, value: nightly }]";
const wider = edited(
  "plan.yaml",
  SELECTED,
  "listOfTags: [{ key: backup, value: nightly }, { key: backup, value: always }]",
);
const other = edited("plan.yaml", SELECTED, "listOfTags: [{ key: backup, value: weekly }]");

const selections = (u: Universe) => [...planOf(u).selections].map(({ content }) => content.ListOfTags?.length);

async function converged(): Promise<Universe> {
  const u = universe({ files: PRODUCTION });
  await u.run();
  later(u);
  return u;
}

describe("a selection that is replaced", () => {
  it("goes only after the new one is there: protection never lapses", async () => {
    const u = await converged();
    u.commit(wider);
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    const order = operationsOf(writesSince(u, from));
    expect(order).toEqual(["CreateBackupSelection", "DeleteBackupSelection"]);
    const [created, deleted] = writesSince(u, from);
    const between = u.simulator.calls.since(created!.index + 1).filter(({ index }) => index < deleted!.index);
    expect(operationsOf(between), "the new one was read back in between").toContain("GetBackupSelection");
    expect(selections(u)).toEqual([2]);
    expect(passages(run.text, "selection nightly/tagged")).toMatchInlineSnapshot(`
      "-/+ replace selection nightly/tagged                                                              plan.yaml:15
            strengthens · change bbfukhijeaqp
            listOfTags: + {key: backup, value: always}
            applied"
    `);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("stays where the new one cannot be made", async () => {
    const u = await converged();
    u.commit(wider);
    u.simulator.faults.add({ service: "backup", operation: "CreateBackupSelection", effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["FAILED", 1]);
    expect(selections(u)).toEqual([1]);
  });

  it("stays where the new one does not show, and the next run goes on from there", async () => {
    const u = await converged();
    u.commit(wider);
    const hide = u.simulator.faults.add({
      service: "backup",
      operation: "GetBackupSelection",
      when: ({ input }) => input["SelectionId"] !== [...planOf(u).selections][0]?.id,
      effect: {
        kind: "error",
        type: "ResourceNotFoundException",
        message: "Cannot find Backup selection",
        status: 400,
      },
    });
    const run = told(await u.run());
    expect(run.exitCode).not.toBe(0);
    expect(selections(u), "both are there").toEqual([1, 2]);
    hide();
    const next = told(await u.run());
    expect([next.result, next.exitCode]).toEqual(["CORRECTED", 0]);
    expect(selections(u)).toEqual([2]);
  });

  it("by one that may cover less waits for consent", async () => {
    const u = await converged();
    u.commit(other);
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "selection nightly/tagged")).toMatchInlineSnapshot(`
      "!   replace selection nightly/tagged, held: needs-approval                                        plan.yaml:15
            weakens · change niurtme7lzlt
            listOfTags:
              - {key: backup, value: nightly}
              + {key: backup, value: weekly}
            because: listOfTags: the change weakens protection
            released by: a manifest that says what is live, or \`holdfast approve niurtme7lzlt\`, committed"
    `);
  });
});
