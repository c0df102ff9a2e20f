import { describe, expect, it } from "vitest";
import { decide } from "../../controller/decide/decide.ts";
import { KindTable } from "../../controller/decide/kind-table.ts";
import { expiredWaivers, waiverBar } from "../../controller/decide/waivers.ts";
import type { Waiver } from "../../controller/domain/desired.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import { desiredState, here, inventory, NO_GROUNDS, NOW, there } from "../support/facts.ts";
import { finding, on } from "./amendments.ts";

/** An accepted exception covers what fits every member it gives, until it ends; then it is held against its owner. */

const waiver = (findings?: Waiver["findings"], more: Partial<Waiver> = {}): Waiver => ({
  name: "legacy",
  owner: "storage-team",
  reason: "moved next year",
  expiresOn: on(10),
  source: { path: "waivers.yaml", line: 1, column: 1 },
  expectUnreachable: [],
  ...(findings ? { findings } : {}),
  ...more,
});
const one = finding("snap-1", { of: { resource: "arn:aws:rds:eu-west-1:444455556666:db:orders", type: "RDS" } });
const covers = (findings?: Waiver["findings"], more: Partial<Waiver> = {}) =>
  waiverBar(one, [waiver(findings, more)], NOW) !== undefined;

describe("a waiver", () => {
  it.each<[string, Waiver["findings"], boolean]>([
    ["of another policy", { policies: ["other"] }, false],
    ["of its policy among others", { policies: ["other", "clean-up"] }, true],
    ["of another cause", { causes: ["tooLong"] }, false],
    ["of its cause", { causes: ["expired"] }, true],
    ["of another account", { accounts: [there.account] }, false],
    ["of its account", { accounts: [here.account] }, true],
    ["of another Region", { regions: ["us-east-1"] }, false],
    ["of its Region", { regions: [here.region] }, true],
    ["of another vault", { vaults: ["weekly"] }, false],
    ["of its vault", { vaults: ["nightly"] }, true],
    ["of vaults by a wildcard", { vaults: ["night*"] }, true],
    ["of vaults that only begin alike", { vaults: ["night"] }, false],
    ["of another resource", { resources: ["arn:aws:rds:eu-west-1:444455556666:db:other"] }, false],
    ["of its resource", { resources: [one.of.resource] }, true],
    ["of resources by wildcards", { resources: ["arn:aws:rds:*:*:db:ord?rs"] }, true],
    ["whose dots stand for themselves", { resources: [one.of.resource.replace("orders", "o.ders")] }, false],
    ["of another point", { recoveryPoints: ["arn:other"] }, false],
    ["of its point", { recoveryPoints: [one.subject] }, true],
    ["of all there is", {}, true],
    ["that fits in all but one member", { policies: ["clean-up"], causes: ["tooLong"] }, false],
    ["of accounts alone", undefined, false],
  ])("%s covers it: %s", (_what, findings, expected) => expect(covers(findings)).toBe(expected));

  it("ends, to the moment", () => {
    expect(covers({}, { expiresOn: on(0) })).toBe(false);
    expect(covers({}, { expiresOn: on(0.00001) })).toBe(true);
  });

  it("says until when, whose and why", () => {
    expect(waiverBar(one, [waiver({})], NOW)).toEqual({
      reason: "waived",
      because: "accepted until 2026-03-11 by storage-team in Waiver legacy: moved next year",
      release: "the waiver's end, or its removal",
    });
  });

  it("is the first that is left of several", () => {
    const ended = waiver({}, { name: "ended", expiresOn: on(-1) });
    expect(waiverBar(one, [ended, waiver({})], NOW)?.because).toContain("Waiver legacy");
  });
});

describe("one that has run out", () => {
  it("is told with its owner, and what it was for", () => {
    expect(expiredWaivers([waiver({}), waiver({}, { name: "ended", expiresOn: on(-1) })], NOW)).toMatchObject([
      {
        reason: "waiver-expired",
        because: "Waiver ended of storage-team ran out on 2026-02-28: moved next year",
        release: "renew it, or remove it",
      },
    ]);
  });

  it("is a finding of the plan, at its own place in the manifests", () => {
    const desired = desiredState([], { waivers: [waiver(undefined, { expiresOn: on(-1) })] });
    const { held } = decide(desired, inventory(), NO_GROUNDS, new KindTable(kinds, governedKinds));
    expect(held).toMatchObject([
      {
        reason: "waiver-expired",
        about: { key: { kind: "waiver", name: "legacy", target: here }, source: { path: "waivers.yaml", line: 1 } },
      },
    ]);
  });
});
