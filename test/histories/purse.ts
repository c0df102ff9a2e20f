import type { Kept } from "./archive.ts";
import type { Run } from "./oracle.ts";
import { type Land, pointsOf } from "./people.ts";
import { kindOf } from "./consent.ts";
import { isValid } from "./policies.ts";
import type { Announced } from "./announced.ts";
import type { Sight } from "./witness.ts";

const DAY_MS = 86_400_000;
/** A listing may still show a point as it was before, for so long. */
const PATIENCE_MS = 15 * 60_000;

interface Spent {
  readonly at: number;
  readonly vault: string;
}

interface Deleted {
  readonly arn: string;
  readonly sort: string;
  readonly at: number;
  result?: "confirmed" | "refused";
}

/** What has been destroyed so far, reckoned against budgets, canaries and consent that is used up (rules 7–9). */
export class Purse {
  readonly #spent: Spent[] = [];
  readonly #deleted: Deleted[] = [];
  /** By sort: since when deletions of it are known to work. */
  readonly #proven = new Map<string, number>();
  readonly #refusals = new Map<string, { readonly times: number; readonly state: string }>();
  readonly #uses = new Map<string, { times: number; readonly consents: Set<string> }>();

  /** What is wrong with one more; it is spent all the same. */
  spend(sight: Sight, run: Run): readonly string[] {
    const wrongs = [...this.#budget(sight, run), ...this.#canary(sight, run)];
    this.#spent.push({ at: sight.at.getTime(), vault: sight.vault.arn });
    if (sight.operation === "DeleteRecoveryPoint")
      this.#deleted.push({ arn: sight.point.arn, sort: sortOf(sight), at: sight.at.getTime() });
    return wrongs;
  }

  /** Consent is used once for each change. */
  use({ row }: Announced, { committed, at }: Run, reports: readonly Kept[]): readonly string[] {
    if (!row) return [];
    const known = this.#uses.get(row.change) ?? { times: 0, consents: new Set<string>() };
    this.#uses.set(row.change, known);
    for (const { name: _whatever, ...spec } of committed.approvals.filter((one) => isValid(one, at)))
      if (kindOf({ name: "", ...spec }, row, reports)) known.consents.add(JSON.stringify(spec));
    known.times += 1;
    return known.times > known.consents.size
      ? [`${known.consents.size} approvals of it were used ${known.times} times`]
      : [];
  }

  #budget(
    { at, vault, population }: Sight,
    { committed: { destruction }, population: before }: Run,
  ): readonly string[] {
    const recent = this.#spent.filter((one) => one.at > at.getTime() - DAY_MS);
    const there = Math.max(population, before.get(vault.arn) ?? 0);
    const share = Math.max(1, Math.floor((there * destruction.percentOfVault) / 100));
    const most = Math.min(destruction.perVaultDay, share);
    const here = recent.filter((one) => one.vault === vault.arn).length + 1;
    const inAll = recent.length + 1;
    return [
      ...(here > most ? [`it is the ${here}th of its vault in a day, and ${most} may go`] : []),
      ...(inAll > destruction.perFleetDay
        ? [`it is the ${inAll}th of the fleet in a day, and ${destruction.perFleetDay} may go`]
        : []),
    ];
  }

  /** What was gone when the run began, or there as if nothing had been, it may see to be so before its report says so. */
  #resolve({ present, at }: Run): void {
    for (const one of this.#deleted) {
      if (one.result !== undefined || one.at >= at.getTime()) continue;
      const [status, message] = present.get(one.arn) ?? [];
      if (status === undefined) this.#conclude(one, "confirmed", at.getTime());
      else if (status !== "DELETING" && at.getTime() - one.at >= PATIENCE_MS)
        this.#conclude(one, "refused", at.getTime(), `${status} ${message}`);
    }
  }

  #conclude(one: Deleted, result: "confirmed" | "refused", at: number, state = ""): void {
    one.result = result;
    if (result === "confirmed") {
      this.#proven.set(one.sort, at);
      return;
    }
    this.#proven.delete(one.sort);
    this.#refusals.set(one.arn, { times: (this.#refusals.get(one.arn)?.times ?? 0) + 1, state });
  }

  #canary(sight: Sight, run: Run): readonly string[] {
    if (sight.operation !== "DeleteRecoveryPoint") return [];
    const refused = this.#refusals.get(sight.point.arn);
    if (refused && refused.times >= 3 && refused.state === `${sight.status} ${sight.message}`)
      return [`AWS refused it ${refused.times} times, and nothing has changed`];
    const sort = sortOf(sight);
    this.#resolve(run);
    const flying = this.#deleted.some(({ sort: of, result }) => of === sort && result === undefined);
    const proven = this.#proven.get(sort);
    const isProven = proven !== undefined && sight.at.getTime() - proven < 30 * DAY_MS;
    return flying && !isProven ? [`another of type ${sight.point.resourceType} is not known to have gone yet`] : [];
  }

  /** What a report says became of earlier ones. */
  follow({ deletions, run }: Kept, land: Land): void {
    for (const { subject, result } of deletions) {
      const one = this.#deleted.findLast(({ arn }) => arn === subject);
      if (!one || one.result !== undefined || (result !== "confirmed" && result !== "refused")) continue;
      const point = pointsOf(land).find(({ arn }) => arn === subject);
      this.#conclude(one, result, Date.parse(run.finishedOn), `${point?.status} ${point?.statusMessage}`);
    }
  }
}

const sortOf = ({ vault, point }: Sight): string => `${vault.account}/${vault.region}/${point.resourceType}`;
