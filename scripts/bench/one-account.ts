import type { Asked } from "./account/kept-answers.ts";
import { MANIFESTS, SELECTIONS } from "./account/scene.ts";
import { median, megabytes, seconds, show, thousands, times } from "./figures.ts";
import { serving, type Read, type Served } from "./processes.ts";
import { VAULT } from "./scene.ts";

const SIZES = [
  { resources: 10_000, rounds: 3 },
  { resources: 100_000, rounds: 1 },
] as const;

interface Figures {
  readonly bare: Read<Asked>;
  readonly judged: Read<Asked>;
}

/** All resources of an account are judged by their recovery points: what it takes beside merely reading, and how memory grows with them. */
export async function oneAccount(): Promise<void> {
  const found: Figures[] = [];
  for (const { resources, rounds } of SIZES)
    await serving<Asked>(
      { server: "account/server", args: [String(resources)], manifests: MANIFESTS, paginate: "account/paginate" },
      async ({ read }) => {
        // The first round lets the simulator render its answers, and is counted in nothing.
        await round(read);
        const done: Figures[] = [];
        for (let at = 0; at < rounds; at += 1) done.push(await round(read));
        found.push(showSize(resources, done));
      },
    );
  const [small, large] = found;
  if (small && large) showMemory(small, large);
}

const round = async (read: Served<Asked>["read"]): Promise<Figures> => ({
  bare: await read("paginate"),
  judged: await read("observe"),
});

function showSize(resources: number, rounds: readonly Figures[]): Figures {
  const middle = (of: (round: Figures) => number): number => median(rounds.map(of));
  const name = `${thousands(resources)} resources`;
  const last = rounds.at(-1)!;
  show(
    `${name}, the SDK's paginators alone`,
    `${seconds(middle(({ bare }) => bare.seconds))}; ${callsText(last.bare)}`,
  );
  show(
    `${name}, ${SELECTIONS} selections, judged`,
    `${seconds(middle(({ judged }) => judged.seconds))}, ` +
      `${times(middle(({ bare, judged }) => judged.seconds / bare.seconds))} the paginators'; ` +
      `CPU ${times(middle(({ bare, judged }) => judged.cpuSeconds / bare.cpuSeconds))}; ` +
      `${thousands(last.judged.rows)} judged, ${thousands(last.judged.findings ?? 0)} findings kept`,
  );
  show(
    `${name}, one pass`,
    `${callsText(last.judged)}; asked twice: ${last.judged.reading.again.join(", ") || "none"}`,
  );
  const peak = (read: Read<Asked>, peakBytes: number): Read<Asked> => ({ ...read, peakBytes });
  return {
    bare: peak(
      last.bare,
      middle(({ bare }) => bare.peakBytes),
    ),
    judged: peak(
      last.judged,
      middle(({ judged }) => judged.peakBytes),
    ),
  };
}

function callsText({ reading: { calls } }: Read<Asked>): string {
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  const ofVault = calls[`backup:GET /backup-vaults/${VAULT}/recovery-points`] ?? 0;
  return `${thousands(all)} calls, ${thousands(ofVault)} of them for the vault's points`;
}

function showMemory(small: Figures, large: Figures): void {
  const more = SIZES[1].resources - SIZES[0].resources;
  for (const [what, who] of [
    ["most memory of the paginators", "bare"],
    ["most memory, judged", "judged"],
  ] as const) {
    const [before, after] = [small[who].peakBytes, large[who].peakBytes];
    show(
      what,
      `${megabytes(before)}, then ${megabytes(after)}: ${times(after / before)} for ten times the resources, ` +
        `${thousands(Math.round((after - before) / more))} bytes a resource`,
    );
  }
}
