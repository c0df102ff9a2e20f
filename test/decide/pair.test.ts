import { describe, expect, it } from "vitest";
import { KindTable } from "../../controller/decide/kind-table.ts";
import { pair } from "../../controller/decide/pair.ts";
import type { Desired } from "../../controller/domain/desired.ts";
import type { Listing } from "../../controller/domain/live.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import {
  denied,
  desiredState,
  found,
  inventory,
  key,
  listed,
  there,
  unwanted,
  vaultState,
  wanted,
} from "../support/facts.ts";

const table = new KindTable(kinds, governedKinds);
const nightly = wanted("vault", "nightly", { vaultType: "standard", tags: { owner: "platform" } });
const inSync = vaultState({ owner: "platform" });

interface Case {
  readonly desired: readonly Desired[];
  readonly listings: readonly Listing[];
  readonly drift: readonly string[];
  readonly because: string;
}

const cases: Readonly<Record<string, Case>> = {
  "wanted, ours and equal is in sync": {
    desired: [nightly],
    listings: [listed("vault", [found("vault", "nightly", inSync)])],
    drift: ["in-sync nightly"],
    because: "nothing differs",
  },
  "wanted and not in a whole listing is missing": {
    desired: [nightly],
    listings: [listed("vault", [])],
    drift: ["missing nightly"],
    because: "only a complete listing proves absence",
  },
  "wanted and not in a listing cut short is unknown": {
    desired: [nightly],
    listings: [listed("vault", [], { cut: denied })],
    drift: ["unknown nightly"],
    because: "law 1: it may stand on the page that was not read",
  },
  "ours in a listing cut short is judged all the same": {
    desired: [nightly],
    listings: [listed("vault", [found("vault", "nightly", vaultState({ owner: "mallory" }))], { cut: denied })],
    drift: ["different nightly"],
    because: "having seen it is knowledge; only not seeing is not",
  },
  "wanted, and its own read failed, is unknown": {
    desired: [nightly],
    listings: [listed("vault", [], { unread: [{ unread: "arn", key: key("vault", "nightly"), failure: denied }] })],
    drift: ["unknown nightly"],
    because: "whose it is could not be read",
  },
  "wanted and missing beside something unreadable without a name is unknown": {
    desired: [nightly],
    listings: [listed("vault", [], { unread: [{ unread: "arn", failure: denied }] })],
    drift: ["unknown nightly"],
    because: "the unreadable one might be it (design §6)",
  },
  "a target that was not listed is unknown": {
    desired: [wanted("vault", "nightly", nightly.spec, { target: there })],
    listings: [listed("vault", [])],
    drift: ["unknown nightly"],
    because: "not having looked is not having found nothing",
  },
  "wanted, there and unmanaged is unadopted": {
    desired: [nightly],
    listings: [listed("vault", [found("vault", "nightly", inSync, { ownership: "none" })])],
    drift: ["unadopted nightly"],
    because: "law 5: not ours until a manifest adopts it",
  },
  "wanted, and another fleet's, is foreign": {
    desired: [nightly],
    listings: [listed("vault", [found("vault", "nightly", inSync, { ownership: "foreign" })])],
    drift: ["foreign nightly"],
    because: "rule 19: another fleet's is not ours",
  },
  "two unmanaged of one name are ambiguous": {
    desired: [nightly],
    listings: [
      listed("vault", [
        found("vault", "nightly", inSync, { ownership: "none", id: "a" }),
        found("vault", "nightly", inSync, { ownership: "none", id: "b" }),
      ]),
    ],
    drift: ["ambiguous nightly"],
    because: "plan names are not unique, and guessing could take the wrong one",
  },
  "two unmanaged of one name, one adopted by id, is that one": {
    desired: [{ ...nightly, adopt: "b" }],
    listings: [
      listed("vault", [
        found("vault", "nightly", inSync, { ownership: "none", id: "a" }),
        found("vault", "nightly", inSync, { ownership: "none", id: "b" }),
      ]),
    ],
    drift: ["unadopted nightly"],
    because: "rule 19: adopt: <id> when ambiguous",
  },
  "ours and in no manifest is surplus": {
    desired: [],
    listings: [listed("vault", [found("vault", "old", inSync)])],
    drift: ["surplus old"],
    because: "its manifest is gone",
  },
  "ours, and its manifest only left this target, is released": {
    desired: [wanted("vault", "nightly", nightly.spec, { target: there })],
    listings: [
      listed("vault", [found("vault", "nightly", inSync)]),
      listed("vault", [found("vault", "nightly", inSync, { target: there })], { target: there }),
    ],
    drift: ["unmanaged nightly", "in-sync nightly"],
    because: "rule 19: a target that leaves its group is released, never pruned",
  },
  "a satellite whose section was dropped is released": {
    desired: [],
    listings: [listed("vault-lock", [found("vault-lock", "nightly", { minRetentionDays: 7 })])],
    drift: ["unmanaged nightly"],
    because: "rule 16: dropping a section releases it",
  },
  "declared absent and there is surplus": {
    desired: [unwanted("vault-lock", "nightly")],
    listings: [listed("vault-lock", [found("vault-lock", "nightly", {})])],
    drift: ["surplus nightly"],
    because: "accessPolicy: none means that it should be absent",
  },
  "declared absent and absent from a whole listing is in sync": {
    desired: [unwanted("vault-lock", "nightly")],
    listings: [listed("vault-lock", [])],
    drift: ["in-sync nightly"],
    because: "as wanted",
  },
  "declared absent and not seen in a listing cut short is unknown": {
    desired: [unwanted("vault-lock", "nightly")],
    listings: [listed("vault-lock", [], { cut: denied })],
    drift: ["unknown nightly"],
    because: "law 1 holds for what is unwanted too",
  },
};

describe("pairing what is wanted with what is live", () => {
  it.each(Object.entries(cases))("%s", (_sentence, { desired, listings, drift, because }) => {
    const said = pair(desiredState(desired), inventory(...listings), table).map((one) => `${one.type} ${one.key.name}`);
    expect(said, because).toEqual(drift);
  });
});
