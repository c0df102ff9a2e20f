import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOLD_REASONS, type Change } from "../../controller/domain/change.ts";
import { EFFECTS, HAZARDS } from "../../controller/domain/effect.ts";
import { canonical } from "../../controller/domain/digest.ts";
import { Instant, ResourceKey } from "../../controller/domain/identity.ts";
import type { Outcome } from "../../controller/domain/outcome.ts";
import { createJournal } from "../../controller/work/journal.ts";
import { ChangeRow, OutcomeRow } from "../../controller/work/rows.ts";
import { answerLost, MemoryStore } from "../local/memory-store.ts";

const key = ResourceKey.parse({
  target: { account: "111122223333", region: "eu-west-1" },
  kind: "vault",
  name: "nightly",
});
const source = { path: "vaults.yaml", line: 3, column: 1 };
const field = {
  path: "tags.owner",
  live: undefined,
  desired: "platform",
  effect: "neutral",
  on: "in-place",
  hazards: [],
} as const;
const common = {
  id: "abcdefghijkl",
  key,
  effect: "strengthens",
  hazards: ["costs"],
  restores: false,
  fields: [field],
} as const;
const desired = {
  key,
  management: { mode: "suspended", reason: "moving" },
  adopt: false,
  source,
  want: "present",
  spec: { deep: [1, null] },
} as const;
const live = {
  key,
  id: "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly",
  state: { tags: {} },
  ownership: "ours",
  suspendedUntil: Instant.parse("2027-01-02T00:00:00.000Z"),
} as const;
const finding = {
  key,
  subject: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
  partition: "nightly",
  judgedIn: key.target,
  within: key,
  of: { resource: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", type: "EBS" },
  rule: { name: "production", source },
  cause: "tooLong",
  because: "It is kept for 700 of 35 days.",
  bars: HOLD_REASONS.map((reason) => ({ reason, because: "so it is", release: "otherwise" })),
  bytes: 12.5,
  management: "enforce",
  mend: {
    step: "shorten",
    fields: [field],
    input: { days: 35 },
    hazards: HAZARDS,
    copies: { bytes: 12.5 },
    destruction: {
      identity: { point: "snap-1", createdOn: 0 },
      shorten: { createdOn: 0, wantedDays: 35 },
      beside: { status: "COMPLETED", rank: 1, bytes: 12.5 },
      graceMs: 1,
      state: "s",
      last: false,
    },
  },
} as const;
const consent = { approval: "agreed", digest: "a".repeat(64), expiresOn: Instant.parse("2027-01-09T00:00:00.000Z") };

const changes: readonly Change[] = [
  { ...common, action: "create", desired, source },
  { ...common, action: "update", desired: { ...desired, within: key, adopt: "plan-id" }, live },
  {
    ...common,
    action: "replace",
    desired: { ...desired, management: { mode: "enforce" } },
    live: { ...live, managedBy: "a stack" },
  },
  { ...common, action: "adopt", desired: { ...desired, management: { mode: "observe" } }, live },
  { ...common, action: "prune", live },
  {
    ...common,
    action: "prune",
    live,
    desired: { key, management: { mode: "enforce" }, adopt: true, source, want: "absent" },
  },
  { ...common, action: "amend", finding, consent: { ...consent, ticket: "T-1" } },
];
const at = Instant.parse("2027-01-01T00:00:00.000Z");
const failure = {
  kind: "unanswered",
  operation: "backup:CreateBackupVault",
  message: "no answer",
  code: "ETIMEDOUT",
  requestId: "r-1",
} as const;
const attempt = {
  changeId: common.id,
  target: key.target,
  role: "apply",
  operation: "backup:CreateBackupVault",
  at,
  failure,
} as const;
const outcomes: readonly Outcome[] = [
  { change: changes[0]!, at, attempts: [{ ...attempt, requestId: "r-1" }], result: "applied" },
  { change: changes[1]!, at, attempts: [attempt], result: "failed", failure },
  { change: changes[2]!, at, attempts: [], result: "skipped", because: "moved" },
  { change: changes[6]!, at, attempts: [attempt], result: "accepted" },
  { change: changes[6]!, at, attempts: [], result: "skipped", because: "moved", note: "it is gone" },
];

/** As it comes back: members that were undefined are gone. */
const asWritten = (rows: unknown): unknown => JSON.parse(JSON.stringify(rows));

function given() {
  const store = new MemoryStore();
  return { store, journal: createJournal({ store }), next: () => createJournal({ store }) };
}

describe("a run's journal", () => {
  it("comes back to the next run as it was written, waves in order, until it is closed", async () => {
    const { journal, next } = given();
    await journal.intend("run-1", 0, changes.slice(0, 3));
    await journal.conclude("run-1", 0, outcomes);
    await journal.intend("run-1", 10, changes.slice(3));
    await journal.intend("run-1", 2, []);
    const [open, ...others] = await next().unclosed();
    expect(others).toEqual([]);
    expect(asWritten(open)).toEqual(
      asWritten({
        run: "run-1",
        waves: [
          { wave: 0, intents: changes.slice(0, 3), outcomes },
          { wave: 2, intents: [], outcomes: null },
          { wave: 10, intents: changes.slice(3), outcomes: null },
        ],
      }),
    );
    await next().close("run-1", 7);
    expect(await next().unclosed()).toEqual([]);
  });

  it("is found with those of other dead runs, oldest first", async () => {
    const { next } = given();
    for (const run of ["run-b", "run-a", "run-c"]) await next().intend(run, 0, []);
    await next().close("run-a", 1);
    expect((await next().unclosed()).map(({ run }) => run)).toEqual(["run-b", "run-c"]);
  });

  it("costs a run that writes nothing a single look", async () => {
    const { journal, store } = given();
    await journal.close("run-1", 1);
    expect(store.calls).toEqual({ get: 1, put: 0, list: 0 });
  });

  it("is found without looking through those of all runs there ever were", async () => {
    const { next, store } = given();
    for (let n = 0; n < 500; n++) {
      const journal = next();
      await journal.intend(`run-${n}`, 0, []);
      await journal.close(`run-${n}`, n + 1);
    }
    await next().intend("dead", 0, []);
    store.calls = { get: 0, put: 0, list: 0 };
    expect(await next().unclosed()).toMatchObject([{ run: "dead" }]);
    expect(store.calls).toEqual({ get: 2, put: 0, list: 1 });
  });

  it.each([1, 2, 3, 4])("is not lost by a death after put %i of its opening and closing", async (puts) => {
    const { journal, next, store } = given();
    const died = new Error("killed");
    store.faults.push(
      ...Array.from(
        { length: puts },
        () => (_key: string, put: () => Awaited<ReturnType<MemoryStore["put"]>>) => put(),
      ),
      () => {
        throw died;
      },
    );
    const life = async () => {
      await journal.intend("run-1", 0, changes); // the list of open runs, then the intents
      await journal.close("run-1", 7); // the closing record, then the list again
      await journal.intend("run-2", 0, changes);
    };
    await expect(life()).rejects.toBe(died);
    store.faults.length = 0;
    const open = (await next().unclosed()).filter(({ run }) => run === "run-1");
    expect(open.flatMap(({ waves }) => waves.map(({ intents }) => intents.length))).toEqual(
      puts === 2 ? [changes.length] : [],
    );
    // Whatever was left open can be closed by the next run, and is then out of the way.
    for (const { run } of open) await next().close(run, 8);
    expect((await next().unclosed()).filter(({ run }) => run === "run-1")).toEqual([]);
  });

  it("survives lost answers: the same bytes there are its own", async () => {
    const { journal, next, store } = given();
    store.faults.push(answerLost, answerLost);
    await journal.intend("run-1", 0, changes);
    store.faults.push(answerLost);
    await journal.conclude("run-1", 0, outcomes);
    store.faults.push(answerLost, answerLost);
    await journal.close("run-1", 1);
    expect(await next().unclosed()).toEqual([]);
  });

  it("stops a second process that runs under the same id", async () => {
    const { journal, next } = given();
    await journal.intend("run-1", 0, changes);
    await expect(next().intend("run-1", 0, [])).rejects.toMatchObject({ code: "lease-lost" });
  });

  it("has no unreadable rows: what a run did is not guessed at", async () => {
    const { journal, next, store } = given();
    await journal.intend("run-1", 0, changes);
    store.tamper("runs/run-1/journal/0000.intents.ndjson", (body) =>
      new TextEncoder().encode(new TextDecoder().decode(body).replace('"create"', '"destroy"')),
    );
    await expect(next().unclosed()).rejects.toMatchObject({
      code: "store-unreachable",
      message: expect.stringContaining("CloudTrail"),
    });
  });
});

describe("a journal's rows", () => {
  it.each([
    ...changes.map((change) => ({ row: ChangeRow, value: change as unknown })),
    ...outcomes.map((outcome) => ({ row: OutcomeRow, value: outcome as unknown })),
  ])("read back what was written (%#)", ({ row, value }) => {
    expect(canonical(row.parse(asWritten(value)))).toBe(canonical(value));
  });

  it("carry any JSON that a kind knows as spec or state", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), fc.constantFrom(...EFFECTS), (json, effect) => {
        const change: Change = {
          ...common,
          effect,
          action: "update",
          desired: { ...desired, spec: json },
          live: { ...live, state: json },
        };
        expect(canonical(ChangeRow.parse(JSON.parse(canonical(change))))).toBe(canonical(change));
      }),
    );
  });

  it.each([
    { what: "an unknown member", row: { ...changes[4], extra: 1 } },
    { what: "an unknown action", row: { ...changes[4], action: "destroy" } },
    { what: "no live resource to prune", row: { ...common, action: "prune" } },
    { what: "an unknown effect", row: { ...changes[4], effect: "improves" } },
  ])("are refused with $what", ({ row }) => {
    expect(ChangeRow.safeParse(asWritten(row)).success).toBe(false);
  });
});
