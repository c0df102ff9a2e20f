import { describe, expect, it } from "vitest";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { decide, type Grounds } from "../../controller/decide/decide.ts";
import { KindTable } from "../../controller/decide/kind-table.ts";
import type { DesiredState } from "../../controller/domain/desired.ts";
import { Instant } from "../../controller/domain/identity.ts";
import type { Inventory } from "../../controller/domain/inventory.ts";
import type { Listing } from "../../controller/domain/live.ts";
import type { Plan } from "../../controller/domain/plan.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import {
  approval,
  denied,
  desiredState,
  found,
  inventory,
  key,
  listed,
  NO_GROUNDS,
  there,
  unwanted,
  vaultState,
  wanted,
} from "../support/facts.ts";

const table = new KindTable(kinds, governedKinds);
const decided = (desired: DesiredState, seen: Inventory, more: Partial<Grounds> = {}): Plan =>
  decide(desired, seen, { ...NO_GROUNDS, ...more }, table);
/** The same, with an approval of some changes. */
const agreed = (resources: DesiredState["resources"], changes: readonly string[]): DesiredState =>
  desiredState(resources, { approvals: [approval({ changes })] });
const going = ({ waves }: Plan) =>
  waves.map((wave) => wave.map((change) => `${change.action} ${change.key.kind}/${change.key.name}`));
const held = (plan: Plan) =>
  plan.held.map(
    (hold) => `${(hold.change ?? hold.drift)!.key.kind}/${(hold.change ?? hold.drift)!.key.name}: ${hold.reason}`,
  );

const vault = wanted("vault", "nightly", { vaultType: "standard", tags: { owner: "platform" } });
const lock = wanted(
  "vault-lock",
  "nightly",
  { mode: "governance", minRetentionDays: 30 },
  { within: key("vault", "nightly") },
);
const events = wanted(
  "vault-notifications",
  "nightly",
  { snsTopicArn: "arn:aws:sns:eu-west-1:444455556666:alerts", events: ["BACKUP_JOB_COMPLETED"] },
  { within: key("vault", "nightly") },
);
const liveVault = found("vault", "nightly", vaultState({ owner: "platform" }));
const noPlans = listed("plan", []);
const whole = (...listings: readonly Listing[]) => inventory(noPlans, ...listings);

describe("the ratchet", () => {
  it("lets through what strengthens: a lock made tighter", () => {
    const plan = decided(
      desiredState([vault, lock]),
      whole(
        listed("vault", [liveVault]),
        listed("vault-lock", [found("vault-lock", "nightly", { minRetentionDays: 7 })]),
      ),
    );
    expect(going(plan)).toEqual([["update vault-lock/nightly"]]);
  });

  it("holds what weakens, and names the change that would have to be approved", () => {
    const plan = decided(
      desiredState([vault, lock]),
      whole(
        listed("vault", [liveVault]),
        listed("vault-lock", [found("vault-lock", "nightly", { minRetentionDays: 90 })]),
      ),
    );
    expect(held(plan)).toEqual(["vault-lock/nightly: needs-approval"]);
    expect(plan.held[0]?.release).toContain(plan.held[0]?.change?.id);
  });

  it("lets through what weakens once its change id is approved, and nothing else by the same approval", () => {
    const seen = (days: number) =>
      whole(
        listed("vault", [liveVault]),
        listed("vault-lock", [found("vault-lock", "nightly", { minRetentionDays: days })]),
      );
    const id = decided(desiredState([vault, lock]), seen(90)).held[0]!.change!.id;
    expect(going(decided(agreed([vault, lock], [id]), seen(90)))).toEqual([["update vault-lock/nightly"]]);
    expect(
      held(decided(agreed([vault, lock], [id]), seen(91))),
      "a change that differs from what was approved is not approved",
    ).toEqual(["vault-lock/nightly: needs-approval"]);
  });

  it("holds a strengthening change with a hazard: a lock that jobs of an unread plan might fail under", () => {
    const plan = decided(
      desiredState([vault, lock]),
      inventory(listed("plan", [], { cut: denied }), listed("vault", [liveVault]), listed("vault-lock", [])),
    );
    expect(held(plan)).toContain("vault-lock/nightly: hazard");
  });

  it("holds a removal, whoever asks for it", () => {
    const plan = decided(
      desiredState([vault, unwanted("vault-lock", "nightly", { within: key("vault", "nightly") })]),
      whole(listed("vault", [liveVault]), listed("vault-lock", [found("vault-lock", "nightly", {})])),
    );
    expect(held(plan)).toEqual(["vault-lock/nightly: needs-approval"]);
  });
});

describe("guardrails", () => {
  it("holds what is within a resource that is not ours, for the same reason", () => {
    const plan = decided(
      desiredState([vault, lock]),
      whole(listed("vault", [{ ...liveVault, ownership: "none" }]), listed("vault-lock", [])),
    );
    expect(held(plan)).toEqual(["vault/nightly: not-ours", "vault-lock/nightly: not-ours"]);
  });

  it("adopts by consent and changes nothing else in that run", () => {
    const plan = decided(
      desiredState([{ ...vault, adopt: true }, lock]),
      whole(listed("vault", [{ ...liveVault, ownership: "none" }]), listed("vault-lock", [])),
    );
    expect(going(plan)).toEqual([["adopt vault/nightly"]]);
    expect(held(plan)).toEqual(["vault-lock/nightly: not-ours"]);
  });

  it("makes no lock in a vault whose making is held", () => {
    const plan = decided(
      desiredState([{ ...vault, management: { mode: "observe" } }, lock]),
      whole(listed("vault", []), listed("vault-lock", [])),
    );
    expect(held(plan)).toEqual(["vault/nightly: observe-only", "vault-lock/nightly: observe-only"]);
  });

  it("keeps hands off what a CloudFormation stack manages", () => {
    const plan = decided(
      desiredState([vault]),
      whole(
        listed("vault", [{ ...liveVault, state: vaultState({ owner: "x" }), managedBy: "CloudFormation stack s" }]),
      ),
    );
    expect(held(plan)).toEqual(["vault/nightly: contested"]);
  });

  it.each([
    ["one hour ahead", "2026-03-01T06:00:00.000Z", ["vault/nightly: suspended"]],
    ["a year ahead: no break glass but a wish to be left alone", "2027-03-01T06:00:00.000Z", []],
    ["past", "2026-02-28T06:00:00.000Z", []],
  ])("honours a break-glass date %s", (_when, until, expected) => {
    const plan = decided(
      desiredState([vault]),
      whole(
        listed("vault", [{ ...liveVault, state: vaultState({ owner: "x" }), suspendedUntil: Instant.parse(until) }]),
      ),
    );
    expect(held(plan)).toEqual(expected);
  });

  it("holds a field that AWS never changes", () => {
    const plan = decided(
      desiredState([
        wanted("vault", "nightly", {
          vaultType: "standard",
          encryptionKey: "arn:aws:kms:eu-west-1:444455556666:key/k2",
        }),
      ]),
      whole(listed("vault", [liveVault])),
    );
    expect(held(plan)).toEqual(["vault/nightly: immutable-field"]);
  });

  it("stops correcting a field that somebody keeps setting", () => {
    const corrections = [
      {
        key: vault.key,
        path: "tags",
        on: [Instant.parse("2026-02-28T20:00:00.000Z"), Instant.parse("2026-03-01T01:00:00.000Z")],
        since: 1,
      },
    ];
    const seen = whole(listed("vault", [found("vault", "nightly", vaultState({ owner: "mallory" }))]));
    expect(held(decided(desiredState([vault]), seen, { carried: { ...NOTHING_CARRIED, corrections } }))).toEqual([
      "vault/nightly: contested",
    ]);
    const longAgo = [
      {
        ...corrections[0]!,
        on: [Instant.parse("2026-02-27T01:00:00.000Z"), Instant.parse("2026-02-27T02:00:00.000Z")],
      },
    ];
    expect(
      going(decided(desiredState([vault]), seen, { carried: { ...NOTHING_CARRIED, corrections: longAgo } })),
      "24 h of rest and corrections resume",
    ).toEqual([["update vault/nightly"]]);
  });

  it("holds what weakens in a run over a part of the fleet, approved or not", () => {
    const seen = whole(
      listed("vault", [liveVault]),
      listed("vault-lock", [found("vault-lock", "nightly", { minRetentionDays: 90 })]),
    );
    const id = decided(desiredState([vault, lock]), seen).held[0]!.change!.id;
    expect(held(decided(agreed([vault, lock], [id]), seen, { partial: true }))).toEqual([
      "vault-lock/nightly: partial-scope",
    ]);
  });

  it("names a desired state that shrank among the reasons to hold a removal", () => {
    const carried = { ...NOTHING_CARRIED, declared: { counts: { vault: 10 }, since: 1 } };
    const plan = decided(
      desiredState([vault]),
      whole(listed("vault", [liveVault, found("vault", "old", vaultState())])),
      { carried },
    );
    expect(plan.held.map(({ reason, also }) => [reason, ...also])).toEqual([
      ["needs-approval", "desired-state-shrank"],
    ]);
  });

  it("holds everything when the desired state is older than the one last acted on", () => {
    const carried = { ...NOTHING_CARRIED, source: { commit: "c9", sequence: 9, since: 1 } };
    const desired = desiredState([vault]);
    const stale = {
      ...desired,
      revision: { ...desired.revision, sequence: 8, commit: "c8", previousCommit: "c7", fastForward: true },
    };
    expect(held(decided(stale, whole(listed("vault", [])), { carried }))).toEqual(["vault/nightly: stale-source"]);
  });

  it("spends a budget on approved weakening, and no more than that", () => {
    const names = ["a1", "a2", "a3"];
    const resources = names.flatMap((name) => [
      wanted("vault", name, { vaultType: "standard" }),
      unwanted("vault-lock", name, { within: key("vault", name) }),
    ]);
    const seen = whole(
      listed(
        "vault",
        names.map((name) => found("vault", name, vaultState())),
      ),
      listed(
        "vault-lock",
        names.map((name) => found("vault-lock", name, {})),
      ),
    );
    const ids = decided(desiredState(resources), seen).held.map(({ change }) => change!.id);
    const plan = decided(agreed(resources, ids), seen);
    expect(plan.waves.flat()).toHaveLength(2);
    expect(held(plan)).toEqual(["vault-lock/a3: over-budget"]);
  });
});

describe("the order of things", () => {
  it("makes vaults before what is within them, across the whole fleet", () => {
    const elsewhere = wanted("vault", "central", { vaultType: "standard" }, { target: there });
    const plan = decided(
      desiredState([events, lock, vault, elsewhere]),
      inventory(
        noPlans,
        listed("plan", [], { target: there }),
        listed("vault", []),
        listed("vault-lock", []),
        listed("vault-notifications", []),
        listed("vault", [], { target: there }),
      ),
    );
    expect(going(plan)).toEqual([
      ["create vault/nightly", "create vault/central"],
      ["create vault-lock/nightly", "create vault-notifications/nightly"],
    ]);
  });

  it("has one digest for the same facts in any order", () => {
    const seen = whole(listed("vault", []), listed("vault-lock", []), listed("vault-notifications", []));
    const one = decided(desiredState([vault, lock, events]), seen);
    const two = decided(desiredState([events, vault, lock]), { ...seen, listings: seen.listings.toReversed() });
    expect(two.digest).toBe(one.digest);
  });
});

describe("unknown", () => {
  it("of a listing cut short is in the plan even where nothing is wanted there", () => {
    const plan = decided(desiredState([]), inventory(listed("vault", [], { cut: denied })));
    expect(plan.drift.map(({ type }) => type)).toEqual(["unknown"]);
  });
});
