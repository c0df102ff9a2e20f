import { describe, expect, it } from "vitest";
import type { Target } from "../../controller/domain/identity.ts";
import { showTarget } from "../../controller/domain/identity.ts";
import { begunBy, triage, type Waiting } from "../../controller/events/triage.ts";

const target = (name: string): Target => ({ account: "444455556666", region: `eu-${name}-1` }) as Target;
const [a, b, c, abroad] = ["a", "b", "c", "abroad"].map(target) as [Target, Target, Target, Target];
const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 5, 0, second));
const said = (message: string, second: number, ...targets: readonly Target[]): Waiting => ({
  message,
  since: at(second),
  event: { id: message, detailType: "Backup Job State Change", targets },
});
const look = (where: Target, second: number, whole = true) => ({
  target: where,
  from: at(second).toISOString(),
  whole,
});

/** Where to look, and which messages that settles, which wait and which are settled already. */
function told(...[waiting, looks, most]: [readonly Waiting[], readonly ReturnType<typeof look>[], number?]) {
  const { targets, open, later, done } = triage(waiting, [a, b, c], looks, most);
  const named = (messages: readonly Waiting[]) => messages.map(({ message }) => message).join("");
  return [targets.map(showTarget), named(open), named(later), named(done)];
}
const places = (...all: readonly Target[]) => all.map(showTarget);

describe("what of a batch is to be looked into", () => {
  it("is every place once, however often it is named", () => {
    expect(told([said("1", 0, b), said("2", 1, b, a), said("3", 2, b)], [])).toEqual([places(a, b), "123", "", ""]);
  });

  it("is nothing outside of the fleet", () => {
    expect(told([said("1", 0, abroad), said("2", 0, abroad, c)], [])).toEqual([places(c), "2", "", "1"]);
  });

  it.each<readonly [because: string, from: number, whole: boolean, seen: boolean]>([
    ["what a later look saw", 10, true, true],
    ["but not what one saw that began when it was queued: two clocks are not one", 4, true, false],
    ["but not what one began before it", 0, true, false],
    ["but not what one did not see all of", 10, false, false],
  ])("leaves out %s", (_because, from, whole, seen) => {
    const [targets, , , done] = told([said("1", 0, a)], [look(a, from, whole), look(b, 50)]);
    expect([targets, done]).toEqual(seen ? [[], "1"] : [places(a), ""]);
  });

  it("is also what a look from the future, by a clock that was wrong, claims to have seen", () => {
    const looks = begunBy(at(20).getTime(), [look(a, 50), look(b, 20)]);
    expect(told([said("1", 0, a), said("2", 0, b)], looks)).toEqual([places(a), "1", "", "2"]);
  });

  it("is only what of a copy's two ends nobody has seen", () => {
    expect(told([said("1", 0, a, b)], [look(a, 10)])).toEqual([places(b), "1", "", ""]);
  });

  it("is no more than a run takes, the oldest first; a message is settled with all of its places or waits", () => {
    const waiting = [said("3", 3, c), said("1", 1, a), said("2", 2, b, c), said("4", 4, a)];
    expect(told(waiting, [], 2)).toEqual([places(a, c), "134", "2", ""]);
  });

  it("is a part of what names more places than a run takes, and the rest once that was seen", () => {
    const waiting = [said("1", 0, a, b, c), said("2", 1, c)];
    expect(told(waiting, [], 2)).toEqual([places(a, b), "", "12", ""]);
    expect(told(waiting, [look(a, 10), look(b, 10)], 2)).toEqual([places(c), "12", "", ""]);
  });
});
