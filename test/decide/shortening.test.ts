import { describe, expect, it } from "vitest";
import { daysUntil, deleteDate } from "../../controller/decide/announced.ts";
import { NOW } from "../support/facts.ts";
import { amendment, announcementOf, DAY, destruction, finding } from "./amendments.ts";

/** Rule 5: a shortening never sets a delete date before its announcement and the grace. */

describe("the date of a shortening", () => {
  const shorten = (age: number, wantedDays: number) =>
    destruction("snap-1", { shorten: { createdOn: NOW.getTime() - age * DAY, wantedDays } });

  it.each<[number, number, number, string]>([
    [100, 30, 115, "its age, the grace, and a day, since the grace begins with the report"],
    [10, 30, 30, "what is wanted is later than the grace anyway"],
    [15, 30, 30, "the same day"],
    [16, 30, 31, "never before the grace is over"],
  ])("of a point %i days old that should be kept %i: after %i days", (age, wanted, days, because) => {
    const date = deleteDate(shorten(age, wanted), undefined, NOW);
    expect({ because, days: daysUntil(date!, NOW.getTime() - age * DAY) }).toEqual({ because, days });
  });

  it("is the one that was announced first, whatever day it is", () => {
    const first = deleteDate(shorten(100, 30), undefined, NOW)!;
    const before = { ...announcementOf(finding(), 5), deleteOn: first };
    expect(deleteDate(shorten(100, 30), before, new Date(NOW.getTime() + 9 * DAY))).toBe(first);
  });

  it("is none of a deletion", () => expect(deleteDate(destruction(), undefined, NOW)).toBeNull());

  it("holds one that would go by itself sooner: there is nothing to shorten", () => {
    const createdOn = NOW.getTime() - 20 * DAY;
    const fields = (live: number | undefined) => [
      {
        path: "lifecycle.deleteAfterDays",
        live,
        desired: 30,
        effect: "destroys",
        on: "in-place",
        hazards: [],
      } as const,
    ];
    const proposed = (live: number | undefined) =>
      amendment(
        finding("snap-1", {
          cause: "tooLong",
          mend: {
            step: "shorten",
            fields: fields(live),
            input: {},
            destruction: destruction("snap-1", { shorten: { createdOn, wantedDays: 30 } }),
          },
        }),
      );
    // Twenty days old, fourteen of grace, and a day.
    expect([proposed(36).fields[0]?.desired, proposed(36).finding.bars]).toEqual([35, []]);
    expect([proposed(35).fields[0]?.desired, proposed(35).finding.bars.map(({ reason }) => reason)]).toEqual([
      30,
      ["cannot-mend"],
    ]);
    expect(proposed(undefined).finding.bars, "for ever is no date").toEqual([]);
  });
});
