import { describe, expect, it } from "vitest";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { decide, type Grounds } from "../../controller/decide/decide.ts";
import { KindTable } from "../../controller/decide/kind-table.ts";
import type { Finding } from "../../controller/domain/change.ts";
import type { DesiredState } from "../../controller/domain/desired.ts";
import { Instant } from "../../controller/domain/identity.ts";
import type { GovernedResult } from "../../controller/domain/inventory.ts";
import type { Live } from "../../controller/domain/live.ts";
import type { Plan } from "../../controller/domain/plan.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import {
  approval,
  denied,
  desiredState,
  found,
  here,
  inventory,
  listed,
  NO_GROUNDS,
  there,
  vaultState,
} from "../support/facts.ts";
import { amendment, announcementOf, bar, finding, on, vault } from "./amendments.ts";

/** A destruction that is announced, agreed to and within the day's budget, and everything that holds it all the same. */

const table = new KindTable(kinds, governedKinds);
const due = finding();
const announced = announcementOf(due, 20);
const agreed = approval({ changes: [amendment(due).id] });

interface Scene {
  readonly one?: Finding;
  readonly desired?: Partial<DesiredState>;
  readonly grounds?: Partial<Grounds>;
  readonly part?: Partial<GovernedResult>;
  readonly live?: Partial<Live>;
  readonly more?: readonly GovernedResult[];
}

function planned({ one = due, desired = {}, grounds = {}, part = {}, live = {}, more = [] }: Scene = {}): Plan {
  const seen = {
    ...inventory(listed("vault", [{ ...found("vault", "nightly", vaultState()), ownership: "none", ...live }])),
    governed: [vault(1_000, { findings: [one], ...part }), ...more],
  };
  return decide(
    desiredState([], { approvals: [agreed], ...desired }),
    seen,
    {
      ...NO_GROUNDS,
      carried: { ...NOTHING_CARRIED, canaries: [{ target: here, type: "EBS", confirmedOn: on(-1) }] },
      announcements: [announced],
      standing: new Map([[announced.change, { stands: true, begunOn: announced.announcedOn }]]),
      ...grounds,
    },
    table,
  );
}
const reasons = (scene: Scene = {}) => planned(scene).held.map(({ reason, also }) => [reason, ...also]);

it("goes, with the consent that it goes by, and stands announced until it is gone", () => {
  const plan = planned();
  expect(plan.waves.flat()).toMatchObject([{ id: announced.change, consent: { approval: "agreed" } }]);
  expect([plan.held, plan.announcements, plan.groups]).toEqual([[], [announced], []]);
});

describe("a destruction", () => {
  const suspended = { suspendedUntil: Instant.parse("2026-03-01T08:00:00.000Z") };
  const guardrails = desiredState([]).fleet.guardrails;
  const shut = {
    timeZone: "Etc/UTC",
    holds: "weakening",
    windows: [],
    freezes: [{ from: "2026-02-01T00:00", to: "2026-04-01T00:00", reason: "audit" }],
  } as const;
  const withFleet = (more: object): Partial<DesiredState> => ({
    fleet: { ...desiredState([]).fleet, guardrails: { ...guardrails, ...more } },
  });

  it.each<[string, Scene, string[][], boolean, string]>([
    ["without consent", { desired: { approvals: [] } }, [["needs-approval"]], true, "law 2"],
    [
      "without an announcement",
      { grounds: { announcements: [], standing: new Map() } },
      [["not-announced"]],
      true,
      "law 3",
    ],
    [
      "in a run that an event began",
      { grounds: { harmless: bar("partial-scope"), partial: true } },
      [["partial-scope"]],
      false,
      "event runs never destroy",
    ],
    [
      "in a run on its own",
      { grounds: { harmless: bar("not-announced") } },
      [["not-announced"]],
      true,
      "nobody could object",
    ],
    ["of an observed policy", { one: { ...due, management: "observe" } }, [["observe-only"]], false, "report and hold"],
    [
      "in a vault that a person suspends",
      { live: suspended },
      [["suspended"]],
      false,
      "rule 27: break glass holds its points too, whoever owns it",
    ],
    ["in a frozen fleet", { desired: withFleet({ maintenance: shut }) }, [["frozen"]], true, "the calendar"],
    ["of a waived point", { desired: { waivers: [waiver()] } }, [["waived"]], false, "an accepted exception"],
    [
      "where the desired state shrank",
      { grounds: { carried: { ...NOTHING_CARRIED, declared: { counts: { vault: 10 }, since: 1 } } } },
      [["desired-state-shrank"]],
      true,
      "law 7",
    ],
    [
      "in an account whose holds nobody could read",
      { more: [vault(5, { partition: "weekly", forbids: denied })] },
      [["unknown-state"]],
      true,
      "rule 10: in the whole account",
    ],
    [
      "beside another account's unread holds",
      { more: [vault(5, { target: there, forbids: denied })] },
      [],
      true,
      "each account is its own",
    ],
    [
      "of the last point",
      { one: { ...due, bars: [bar("last-point")] } },
      [["last-point"]],
      false,
      "the change is agreed to, its being the last is not",
    ],
    [
      "in a vault whose size nobody knows",
      { part: { status: "incomplete" } },
      [["over-budget"]],
      true,
      "a share of an unknown number is none",
    ],
    [
      "that the last day has used up",
      { grounds: { carried: { ...NOTHING_CARRIED, spent: spent(10) } } },
      [["over-budget"]],
      true,
      "ten a vault-day",
    ],
    [
      "by an approval used up",
      {
        grounds: {
          carried: {
            ...NOTHING_CARRIED,
            consumed: [
              { approval: "agreed", digest: agreed.digest, change: announced.change, on: on(-1), expiresOn: on(9) },
            ],
          },
        },
      },
      [["needs-approval"]],
      true,
      "once",
    ],
  ])("%s: %j", (_what, scene, expected, stands, because) => {
    const plan = planned(scene);
    const held = plan.held.map(({ reason, also }) => [reason, ...also]);
    expect({ because, held, stands: plan.announcements.length === 1 }).toEqual({ because, held: expected, stands });
  });

  it("of the last point goes where an approval names it besides its change", () => {
    const one = { ...due, bars: [bar("last-point")] };
    const approvals = [{ ...agreed, lastPoints: [due.subject] }];
    expect(reasons({ one, desired: { approvals } })).toEqual([]);
    expect(
      reasons({ one, desired: { approvals: [approval({ lastPoints: [due.subject] })] } }),
      "not by its name alone",
    ).toEqual([["needs-approval"]]);
  });

  it("that is refused by many at once is told by the gravest", () => {
    const one = { ...due, bars: [bar("kept"), bar("locked"), bar("legal-hold")] };
    expect(reasons({ one, desired: { approvals: [] } })).toEqual([["needs-approval", "legal-hold", "locked", "kept"]]);
  });

  it("asks the chain only where nothing else holds it", () => {
    const standing = new Map();
    expect(planned({ grounds: { standing } }).unproven).toEqual([announced]);
    expect(planned({ grounds: { standing }, desired: { approvals: [] } }).unproven).toEqual([]);
    expect(planned({ grounds: { standing }, one: { ...due, bars: [bar("kept")] } }).unproven).toEqual([]);
    expect(planned({ grounds: { standing, harmless: bar("not-announced") } }).unproven).toEqual([]);
  });
});

function waiver(): DesiredState["waivers"][number] {
  return {
    name: "w",
    owner: "o",
    reason: "r",
    expiresOn: on(5),
    source: { path: "w.yaml", line: 1, column: 1 },
    findings: { causes: ["expired"] },
    expectUnreachable: [],
  };
}

function spent(count: number) {
  return Array.from({ length: count }, () => ({
    on: on(-0.5),
    target: here,
    partition: "nightly",
    what: "destruction" as const,
    bytes: 1,
  }));
}
