import { median, megabytes, seconds, show, thousands, times } from "./figures.ts";
import type { Order, Reader } from "./order.ts";
import { servingVault, type Read, type Served } from "./vault/serving-vault.ts";

const SIZES = [
  { points: 100_000, rounds: 3 },
  { points: 1_000_000, rounds: 1 },
] as const;

/** Who reads the vault. */
const READERS = {
  bare: ["paginate", {}],
  parallel: ["paginate", { windows: 16 }],
  observed: ["observe", {}],
  recorded: ["observe", { inventory: true }],
} as const satisfies Readonly<Record<string, readonly [Reader, Partial<Order>]>>;
type Figures = Readonly<Record<keyof typeof READERS, Read>>;

/** One vault is read and judged whole: what it takes beside merely reading it, and whether memory grows with it. */
export async function oneVault(): Promise<void> {
  const found: Figures[] = [];
  for (const { points, rounds } of SIZES)
    await servingVault({ points }, async ({ read }) => {
      const done: Figures[] = [];
      // Round by round, so that a machine that is busy for a while is so for all of them.
      for (let round = 0; round < rounds; round += 1) done.push(await roundOf(read));
      found.push(showTimes(points, done));
    });
  const [small, large] = found;
  if (small && large) showMemory(small, large);
}

async function roundOf(read: Served["read"]): Promise<Figures> {
  const { bare, parallel, observed, recorded } = READERS;
  return {
    bare: await read(...bare),
    parallel: await read(...parallel),
    observed: await read(...observed),
    recorded: await read(...recorded),
  };
}

function showTimes(points: number, rounds: readonly Figures[]): Figures {
  const middle = (name: keyof Figures, of: (read: Read) => number) => median(rounds.map((round) => of(round[name])));
  const wall = (name: keyof Figures) => middle(name, (read) => read.seconds);
  const beside = (name: keyof Figures, other: keyof Figures, of: (read: Read) => number) =>
    times(median(rounds.map((round) => of(round[name]) / of(round[other]))));
  const name = `${thousands(points)} points`;
  show(`${name}, the SDK's paginator alone`, `${seconds(wall("bare"))}; in 16 windows ${seconds(wall("parallel"))}`);
  for (const [what, who] of [
    ["read and judged", "observed"],
    ["the same, inventory stored", "recorded"],
  ] as const)
    show(
      `${name}, ${what}`,
      `${seconds(wall(who))}, ${beside(who, "bare", (read) => read.seconds)} the paginator's (goal 1.25), ` +
        `${beside(who, "parallel", (read) => read.seconds)} in 16 windows; ` +
        `CPU ${beside(who, "bare", (read) => read.cpuSeconds)}; ${rounds[0]![who].findings} findings`,
    );
  const peak = (who: keyof Figures): Read => ({ ...rounds[0]![who], peakBytes: middle(who, (read) => read.peakBytes) });
  return { bare: peak("bare"), parallel: peak("parallel"), observed: peak("observed"), recorded: peak("recorded") };
}

function showMemory(small: Figures, large: Figures): void {
  for (const [what, who] of [
    ["most memory of the paginator", "bare"],
    ["most memory, read and judged", "observed"],
    ["most memory, inventory stored", "recorded"],
  ] as const) {
    const [before, after] = [small[who].peakBytes, large[who].peakBytes];
    show(what, `${megabytes(before)}, then ${megabytes(after)}: ${times(after / before)} (goal 1.30)`);
  }
}
