import type { Simulator } from "../../../test/simulator/simulator.ts";

/** What a listing of the vault may ask for. Times are epoch milliseconds, both ends open. */
export interface Question {
  readonly after: number;
  readonly before: number;
  readonly from: number;
  readonly most: number;
}

/**
 * The simulator's own answers, rendered once and kept, so that what is measured is who reads them. Any window of creation time is cut
 * from the same rows.
 */
export class KeptPages {
  readonly #rows: Buffer[] = [];
  readonly #times: number[] = [];

  constructor(simulator: Simulator, path: string, authorization: string) {
    let nextToken = "";
    do {
      const query = { maxResults: "1000", ...(nextToken === "" ? {} : { nextToken }) };
      const request = { method: "GET", path, query, headers: { authorization }, body: new Uint8Array(0) };
      const answer = simulator.respond(request);
      if (answer.kind !== "reply" || answer.reply.status !== 200)
        throw new Error("the simulator does not list the vault");
      const page = JSON.parse(Buffer.from(answer.reply.body).toString()) as Listed;
      for (const row of page.RecoveryPoints) {
        this.#rows.push(Buffer.from(JSON.stringify(row)));
        this.#times.push(row.CreationDate * 1_000);
      }
      nextToken = page.NextToken ?? "";
    } while (nextToken !== "");
  }

  /** One page's body. */
  page({ after, before, from, most }: Question): Buffer {
    const start = Math.max(
      from,
      this.#first((time) => time > after),
    );
    const end = this.#first((time) => time >= before);
    const to = Math.min(end, start + most);
    const rows = this.#rows.slice(start, to).flatMap((row, at) => (at === 0 ? [row] : [COMMA, row]));
    const tail = `],"NextToken":${to < end ? `"${to}"` : "null"}}`;
    return Buffer.concat([Buffer.from('{"RecoveryPoints":['), ...rows, Buffer.from(tail)]);
  }

  /** Rows are in order of age, so that the first of whom something is so can be searched for. */
  #first(is: (time: number) => boolean): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (is(this.#times[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

interface Listed {
  readonly RecoveryPoints: readonly { readonly CreationDate: number }[];
  readonly NextToken: string | null;
}

const COMMA = Buffer.from(",");
