import { describe, expect, it } from "vitest";
import { announce, type Judgement } from "../../controller/decide/announce.ts";
import { announcementBar, type Announced } from "../../controller/decide/announced.ts";
import type { HoldReason } from "../../controller/domain/change.ts";
import { type Announcement, announcedAs as announcedName } from "../../controller/domain/announcement.ts";
import { NOW } from "../support/facts.ts";
import {
  amendment,
  announcedAs,
  announcementOf,
  bar,
  BUDGETS,
  DAY,
  destruction,
  finding,
  NOTHING_ANNOUNCED,
  on,
  vault,
} from "./amendments.ts";

/** Law 3, rule 6: announced in a signed report, carried by every one since, and no worse than it was. */

describe("what stands between an announcement and its destruction", () => {
  const due = finding();
  const barTo = (announced: Announced, one = due) => {
    const { bar: held, unproven } = announcementBar(amendment(one, announced), announced);
    return [held?.reason, ...(unproven ? ["unproven"] : [])];
  };
  const stood = (days: number, more: Partial<Announcement> = {}) => announcementOf(due, days, more);

  it.each<[string, (string | undefined)[], (string | undefined)[], string]>([
    ["nothing was announced", barTo(NOTHING_ANNOUNCED), ["not-announced"], "law 3"],
    ["it was announced yesterday", barTo(announcedAs([stood(1)])), ["in-grace"], "fourteen days"],
    [
      "it was announced a moment short of fourteen days ago",
      barTo(announcedAs([stood(13.999)])),
      ["in-grace"],
      "not yet",
    ],
    ["it was announced fourteen days ago", barTo(announcedAs([stood(14)])), [undefined], "it may go"],
    [
      "nobody has asked the chain yet",
      barTo(announcedAs([stood(20)], { standing: new Map() })),
      ["not-announced", "unproven"],
      "it is asked where all else agrees",
    ],
    [
      "some report did not carry it",
      barTo(
        announcedAs([stood(20)], {
          standing: new Map([[amendment(due).id, { stands: false, because: "report 4 does not carry it" }]]),
        }),
      ),
      ["not-announced"],
      "begun anew",
    ],
    [
      "the store took its report later than it says",
      barTo(announcedAs([stood(20)], { standing: new Map([[amendment(due).id, { stands: true, begunOn: on(-3) }]]) })),
      ["in-grace"],
      "the later of the two",
    ],
    [
      "it was paused for a week in between",
      barTo(announcedAs([stood(20, { pausedMs: 7 * DAY })])),
      ["in-grace"],
      "time in which nobody could tell does not count",
    ],
  ])("where %s", (_what, found, expected, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it.each<[string, Parameters<typeof destruction>[1], (string | undefined)[], string]>([
    [
      "its status",
      { beside: { status: "COMPLETED", rank: 1, bytes: 1_000 } },
      ["not-announced"],
      "another state is another matter",
    ],
    [
      "a newer point that is gone",
      { beside: { status: "EXPIRED", rank: 0, bytes: 1_000 } },
      ["not-announced"],
      "it is nearer to being the last",
    ],
    [
      "a size over ten per cent larger",
      { beside: { status: "EXPIRED", rank: 1, bytes: 1_101 } },
      ["not-announced"],
      "more would go than was said",
    ],
    [
      "a size over ten per cent smaller",
      { beside: { status: "EXPIRED", rank: 1, bytes: 899 } },
      ["not-announced"],
      "it is not what was announced",
    ],
    [
      "a size ten per cent larger",
      { beside: { status: "EXPIRED", rank: 1, bytes: 1_100 } },
      [undefined],
      "within what is told alike",
    ],
    [
      "a size ten per cent smaller",
      { beside: { status: "EXPIRED", rank: 1, bytes: 900 } },
      [undefined],
      "within what is told alike",
    ],
    ["another newer point", { beside: { status: "EXPIRED", rank: 2, bytes: 1_000 } }, [undefined], "no worse"],
    ["what AWS says of its refusal", { state: "other" }, [undefined], "that stands beside it too, and harms nobody"],
  ])("a change in %s", (_what, more, expected, because) => {
    const found = barTo(announcedAs([stood(20)]), finding("snap-1", { destroys: more! }));
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it("says why, and what to do about it", () => {
    const { bar: held } = announcementBar(amendment(due), announcedAs([stood(1)]));
    expect(held).toEqual({
      reason: "in-grace",
      because: "announced in report 3 of 2026-02-28, it may go no earlier than 2026-03-14T05:00Z",
      release: "wait until 2026-03-14T05:00Z; to object, tag it holdfast:keep, hold it, waive it, or change the policy",
    });
  });
});

describe("what a report announces", () => {
  const judged = (name: string, ...reasons: HoldReason[]): Judgement => ({
    change: amendment(finding(name)),
    bars: reasons.map(bar),
  });
  const announced = (all: readonly Judgement[], before: Announced = NOTHING_ANNOUNCED, governed = [vault(1_000)]) =>
    announce(all, before, governed, [], BUDGETS);
  const stood = announcementOf(finding(), 5);

  it("is what is due and nobody objects to, from now on", () => {
    expect(announced([judged("snap-1", "needs-approval", "not-announced")])).toEqual([
      { ...announcementOf(finding(), 0), since: undefined },
    ]);
  });

  it.each<[HoldReason, boolean]>([
    ["needs-approval", true],
    ["not-announced", true],
    ["in-grace", true],
    ["frozen", true],
    ["over-budget", true],
    ["desired-state-shrank", true],
    ["stale-source", true],
    ["last-point", false],
    ["legal-hold", false],
    ["locked", false],
    ["kept", false],
    ["waived", false],
    ["not-proven", false],
    ["cannot-mend", false],
    ["observe-only", false],
    ["suspended", false],
    ["contested", false],
  ])("stands through %s: %s", (reason, stands) => {
    expect(announced([judged("snap-1", reason, "needs-approval")])).toHaveLength(stands ? 1 : 0);
    expect(announced([judged("snap-1", reason, "needs-approval")], announcedAs([stood])), "and one that stood").toEqual(
      stands ? [stood] : [],
    );
  });

  it("keeps what stood as it was, and ends it with its cause", () => {
    expect(announced([judged("snap-1", "in-grace")], announcedAs([stood]))).toEqual([stood]);
    expect(announced([], announcedAs([stood]))).toEqual([]);
  });

  it.each<[string, Parameters<typeof vault>[1][]]>([
    ["its vault was read by half", [{ status: "incomplete" }]],
    ["nobody can tell of it any more", [{ undecided: [announcedName(stood)] }]],
    ["the vaults could not be listed", [{ partition: "*", status: "incomplete" }]],
  ])("pauses what stood where %s, from the first such run on", (_what, parts) => {
    const governed = parts.map((more) => vault(1_000, more));
    const [paused] = announced([], announcedAs([stood]), governed);
    expect(paused).toEqual({ ...stood, pausedOn: NOW.toISOString() });
    const later = { ...announcedAs([paused!]), now: new Date(NOW.getTime() + 2 * DAY) };
    expect(announced([], later, governed), "and stays paused").toEqual([paused]);
    const [resumed] = announced([judged("snap-1", "in-grace")], later);
    expect(resumed, "that time does not count").toEqual({ ...stood, pausedMs: 2 * DAY });
  });

  it("pauses what stood where nobody could tell whether something objects", () => {
    const [paused] = announced([judged("snap-1", "unknown-state", "needs-approval")], announcedAs([stood]));
    expect(paused).toEqual({ ...stood, pausedOn: NOW.toISOString() });
    expect(announced([judged("snap-1", "unknown-state", "needs-approval")]), "and announces nothing new").toEqual([]);
    expect(
      announced([judged("snap-1", "unknown-state", "kept")], announcedAs([stood])),
      "one objection is enough",
    ).toEqual([]);
  });

  it("keeps that of a deletion which AWS is at work on: it shows no cause meanwhile", () => {
    const deletion = {
      change: stood.change,
      key: stood.key,
      subject: stood.subject,
      partition: "nightly",
      type: "EBS",
      acceptedOn: on(0),
      refusals: 0,
      state: "s",
    };
    expect(announce([], announcedAs([stood]), [vault(1_000)], [deletion], BUDGETS)).toEqual([stood]);
    const refused = { ...deletion, acceptedOn: null, refusals: 1 };
    expect(announce([], announcedAs([stood]), [vault(1_000)], [refused], BUDGETS)).toEqual([]);
  });

  it("begins anew what has worsened, or what some report did not carry", () => {
    const worse = finding("snap-1", { destroys: { beside: { status: "EXPIRED", rank: 0, bytes: 1_000 } } });
    const [anew] = announced([{ change: amendment(worse), bars: [bar("needs-approval")] }], announcedAs([stood]));
    expect([anew?.announcedOn, anew?.beside.rank]).toEqual([NOW.toISOString(), 0]);
    const standing = new Map([[stood.change, { stands: false, because: "report 4" }]] as const);
    const [again] = announced([judged("snap-1", "not-announced")], announcedAs([stood], { standing }));
    expect(again?.announcedOn).toBe(NOW.toISOString());
  });

  it("is thirty days of budget at most, in a vault and in the fleet, worst first", () => {
    const many = Array.from({ length: 40 }, (_, at) => judged(`snap-${String(at).padStart(2, "0")}`, "needs-approval"));
    expect(announced(many, NOTHING_ANNOUNCED, [vault(100)]), "one a day in a vault of a hundred").toHaveLength(30);
    expect(announced(many, NOTHING_ANNOUNCED, [vault(1_000)]), "ten a day").toHaveLength(40);
    expect(
      announced(many, NOTHING_ANNOUNCED, [vault(1_000, { status: "incomplete" })]),
      "a share of an unknown number is none",
    ).toHaveLength(0);
    const narrow = { destruction: { ...BUDGETS.destruction, perFleetDay: 1 } };
    expect(announce(many, NOTHING_ANNOUNCED, [vault(1_000)], [], narrow)).toHaveLength(30);
  });

  it("lets in what AWS failed to delete first, then what has been there for longest", () => {
    const old = finding("old", {
      cause: "planDeleted",
      destroys: { identity: { ...destruction("old").identity, createdOn: 1 } },
    });
    const older = finding("oldest", {
      cause: "planDeleted",
      destroys: { identity: { ...destruction("oldest").identity, createdOn: 0 } },
    });
    const failed = finding("failed");
    const narrow = { destruction: { ...BUDGETS.destruction, perFleetDay: 1 } };
    const stands = Array.from({ length: 28 }, (_, at) => announcementOf(finding(`stood-${at}`), 1));
    const all = [
      ...[old, older, failed].map((one) => ({ change: amendment(one), bars: [bar("needs-approval")] })),
      ...stands.map((_, at) => judged(`stood-${at}`, "in-grace")),
    ];
    const fresh = announce(all, announcedAs(stands), [vault(1_000)], [], narrow).filter(
      ({ since }) => since === undefined,
    );
    expect(fresh.map(({ subject }) => subject.slice(subject.indexOf("/") + 1)).toSorted()).toEqual([
      "failed",
      "oldest",
    ]);
  });

  it("is sorted by change", () => {
    const all = announced(["c", "a", "b"].map((name) => judged(name, "needs-approval")));
    expect(all.map(({ change }) => change)).toEqual(all.map(({ change }) => change).toSorted());
  });
});
