import { RATES } from "../../controller/aws/pacing.ts";
import { seconds, show, thousands, times } from "./figures.ts";
import { servingVault } from "./vault/serving-vault.ts";

const POINTS = 200_000;
const DELAY_MS = 200;
const ROWS_A_PAGE = 1_000;

/** A vault whose pages are slow, in real time at the real pace: AWS's limit is what should hold the controller up. */
export async function slowPages(): Promise<void> {
  await servingVault({ points: POINTS, delayMs: DELAY_MS }, async ({ read }) => {
    const { reading } = await read("observe", { pacing: "real" });
    const atTheLimit = POINTS / ROWS_A_PAGE / RATES.list;
    show(
      `${thousands(POINTS)} points, pages of ${DELAY_MS} ms`,
      `${seconds(reading.seconds)}, ${times(reading.seconds / atTheLimit)} what ${RATES.list} lists a second take (goal 1.30); ` +
        `${reading.pages} pages, ${(reading.pages / reading.seconds).toFixed(1)} a second`,
    );
  });
}
