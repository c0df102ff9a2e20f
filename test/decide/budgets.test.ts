import { describe, expect, it } from "vitest";
import { withinBudget, type Ledger } from "../../controller/decide/budget.ts";
import { vaultDay } from "../../controller/decide/destruction-budget.ts";
import type { Spent } from "../../controller/domain/announcement.ts";
import { desiredState, here, NOW, there } from "../support/facts.ts";
import { amendment, BUDGETS, finding, on, vault } from "./amendments.ts";

/** Rules 8 and 20: so much in a rolling day, and nothing of what nobody could count. */

const guardrails = { ...desiredState([]).fleet.guardrails, ...BUDGETS };
const CANARIES = [
  { target: here, type: "EBS", confirmedOn: on(-1) },
  { target: there, type: "EBS", confirmedOn: on(-1) },
];
const ledger = (more: Partial<Ledger> = {}): Ledger => ({
  spent: [],
  deletions: [],
  canaries: CANARIES,
  governed: [vault(1_000), vault(1_000, { target: there })],
  guardrails,
  consented: () => false,
  population: () => 100,
  now: NOW,
  ...more,
});
const spent = (days: number, more: Partial<Spent> = {}): Spent => ({
  on: on(-days),
  target: here,
  partition: "nightly",
  what: "destruction",
  bytes: 1_000,
  ...more,
});
const many = (count: number, more: Parameters<typeof finding>[1] = {}) =>
  Array.from({ length: count }, (_, at) => amendment(finding(`snap-${String(at).padStart(2, "0")}`, more)));
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const going = (...given: Parameters<typeof withinBudget>) => withinBudget(...given).within.length;

describe("destruction in a vault", () => {
  it.each<[number, Partial<ReturnType<typeof vault>>, number, string]>([
    [0, {}, 1, "one at least"],
    [99, {}, 1, "one at least"],
    [299, {}, 2, "one per cent, rounded down"],
    [1_000, {}, 10, "one per cent"],
    [1_000_000, {}, 10, "ten at most"],
    [1_000, { status: "incomplete" }, 0, "a share of an unknown number is none"],
    [1_000, { partition: "other" }, 0, "a vault that nobody read"],
    [1_000, { target: there }, 0, "another account's vault of the name"],
  ])("of %i points %j: %i a day", (population, more, most, because) => {
    expect({
      because,
      most: vaultDay(
        { target: here, kind: "recovery-point" },
        "nightly",
        [vault(population, more)],
        guardrails.destruction,
      ),
    }).toEqual({
      because,
      most,
    });
  });

  it("goes by the last 24 hours, whoever destroyed", () => {
    const left = (past: readonly Spent[]) => going(many(20), ledger({ spent: past }));
    expect(left([])).toBe(10);
    expect(left(times(4, spent(0.5)))).toBe(6);
    expect(left(times(10, spent(0.999)))).toBe(0);
    expect(left(times(10, spent(1))), "a day ago is over").toBe(10);
    expect(left(times(10, spent(0.5, { partition: "weekly" }))), "another vault's").toBe(10);
    expect(left(times(10, spent(0.5, { what: "copy" }))), "copies are no destruction").toBe(10);
  });

  it("lets the worst go first", () => {
    const young = amendment(finding("young", { cause: "planDeleted" }));
    const { within } = withinBudget([young, ...many(1)], ledger({ governed: [vault(10)] }));
    expect(within.map((change) => change.key.name)).toEqual(["arn:aws:ec2:eu-west-1::snapshot/snap-00"]);
  });

  it("counts shortenings too", () => {
    expect(
      going([...many(1), ...many(1, { step: "shorten", partition: "nightly" })], ledger({ governed: [vault(10)] })),
    ).toBe(1);
  });
});

it("lets so much be destroyed in the whole fleet, wherever it is", () => {
  const narrow = { ...guardrails, destruction: { ...guardrails.destruction, perFleetDay: 5 } };
  const both = [...many(4), ...many(4, { target: there })];
  expect(going(both, ledger({ guardrails: narrow }))).toBe(5);
  expect(going(both, ledger({ guardrails: narrow, spent: times(3, spent(0.5, { target: there })) }))).toBe(2);
  const { over } = withinBudget(both, ledger({ guardrails: narrow, spent: times(5, spent(0.5)) }));
  expect(over[0]?.bar).toMatchObject({ reason: "over-budget", because: expect.stringContaining("5 in the fleet") });
});

describe("one canary", () => {
  const flying = {
    key: amendment(finding()).key,
    subject: "s",
    partition: "nightly",
    type: "EBS",
    acceptedOn: on(-0.01),
    refusals: 0,
    state: "s",
    change: "c",
  };

  it.each<[string, Partial<Ledger>, number, string]>([
    ["goes where none was confirmed", { canaries: [] }, 1, "the first of its type in its target"],
    [
      "goes where the last was confirmed a month ago",
      { canaries: [{ ...CANARIES[0]!, confirmedOn: on(-30) }] },
      1,
      "that was long ago",
    ],
    [
      "is enough for a month",
      { canaries: [{ ...CANARIES[0]!, confirmedOn: on(-29.9) }] },
      10,
      "it speaks for its type",
    ],
    ["of another type speaks for none", { canaries: [{ ...CANARIES[0]!, type: "RDS" }] }, 1, "each type is its own"],
    ["of another account speaks for none", { canaries: [CANARIES[1]!] }, 1, "each target is its own"],
    ["in the air lets nothing follow", { canaries: [], deletions: [flying] }, 0, "until it is confirmed"],
    [
      "that was refused and is remembered is not in the air",
      { canaries: [], deletions: [{ ...flying, acceptedOn: null }] },
      1,
      "another may be tried",
    ],
  ])("%s", (_what, more, count, because) => {
    expect({ because, count: going(many(20), ledger(more)) }).toEqual({ because, count });
  });

  it("is one for each type and target, side by side", () => {
    const types = [...many(2), ...many(2, { of: { resource: "r", type: "RDS" } }), ...many(2, { target: there })];
    expect(going(types, ledger({ canaries: [] }))).toBe(3);
  });

  it("is not asked of a shortening, which AWS answers at once", () => {
    expect(going(many(3, { step: "shorten" }), ledger({ canaries: [] }))).toBe(3);
  });

  it("spends no budget while it waits", () => {
    const { over } = withinBudget(many(2), ledger({ canaries: [], governed: [vault(1_000)] }));
    expect(over.map(({ bar }) => bar.because)).toEqual([
      expect.stringContaining("one deletion of type EBS goes first"),
    ]);
  });
});

describe("copies", () => {
  const copies = (count: number, bytes = 1) => many(count, { copies: bytes });

  it("are so many in a target's day", () => {
    expect(going(copies(30), ledger())).toBe(20);
    expect(going(copies(30), ledger({ spent: times(15, spent(0.5, { what: "copy" })) }))).toBe(5);
    expect(going(copies(30), ledger({ spent: times(15, spent(1, { what: "copy" })) })), "a day ago is over").toBe(20);
    expect(
      going(copies(30), ledger({ spent: times(15, spent(0.5, { what: "copy", target: there })) })),
      "elsewhere",
    ).toBe(20);
    expect(going(copies(30), ledger({ spent: times(15, spent(0.5)) })), "destruction is no copy").toBe(20);
  });

  it("are so many bytes in a target's day, and a small one goes where a large one does not", () => {
    const half = 250_000_000_000;
    const { within, over } = withinBudget([...copies(3, half), amendment(finding("small", { copies: 0 }))], ledger());
    expect([within.length, over.length]).toEqual([3, 1]);
    expect(over[0]?.bar).toMatchObject({ reason: "over-budget", because: expect.stringContaining("bytes of copies") });
  });

  it("larger than any day's bytes wait for consent, and go by it", () => {
    const huge = copies(1, 500_000_000_001);
    expect(withinBudget(huge, ledger()).over[0]?.bar.reason).toBe("hazard");
    expect(going(huge, ledger({ consented: () => true }))).toBe(1);
    expect(going(huge, ledger({ consented: () => true, spent: times(20, spent(0.5, { what: "copy" })) }))).toBe(0);
  });

  it("are no destruction, and destruction is no copy", () => {
    expect(going([...copies(20), ...many(10)], ledger())).toBe(30);
  });
});
