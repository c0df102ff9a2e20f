import pLimit from "p-limit";
import type { Call } from "../aws/operation.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { GovernedKind } from "../kinds/define-governed-kind.ts";
import type { Partition, TimeWindow } from "../kinds/kind.ts";
import { partsOf, Seams, windowsOver } from "./windows.ts";

/** Windows read side by side: they keep up with AWS's twenty lists a second as long as a page takes no longer than four fifths of one. */
const READERS = 16;

export interface Reading {
  readonly call: Call;
  readonly target: Target;
  readonly now: Date;
  /** Takes in what is new on a page. Resolves when there is room for more. */
  readonly take: (rows: readonly unknown[]) => Promise<void>;
}

/** Every row of a partition, once each and in no order; or why not all of them could be read. */
export async function readRows(
  kind: GovernedKind,
  partition: Partition,
  { call, target, now, take }: Reading,
): Promise<AwsFailure | undefined> {
  const limit = pLimit(READERS);
  const seams = new Seams();
  const left = new Left(partition.size);

  /** To its end; or as far as its first page, and then the parts that it is to be read in. */
  const readWindow = async (window: TimeWindow, share: number): Promise<readonly TimeWindow[] | AwsFailure> => {
    let first = true;
    for await (const page of kind.stream(call, target, partition, window)) {
      if ("unread" in page) return page.unread;
      const parts = first && page.more ? left.partsOf(window, share) : [];
      // This page is read again then: no page tells where in its window the rest lies.
      if (parts.length > 1) return parts;
      first = false;
      const fresh = page.rows.filter((row) => seams.isNew(kind.identify(row), window));
      left.take(fresh.length);
      await take(fresh);
    }
    left.close(share);
    return [];
  };
  const readAll = async (windows: readonly TimeWindow[], share: number): Promise<AwsFailure | undefined> => {
    const failures = await Promise.all(
      windows.map(async (window) => {
        const rest = await limit(() => readWindow(window, share));
        return "kind" in rest ? rest : readAll(rest, share / rest.length);
      }),
    );
    return failures.find((one) => one !== undefined);
  };
  return readAll(left.open(windowsOver(partition.createdOn, partition.size, now)), 1);
}

/** What is left to read, as far as anyone can tell: the rows that are not taken yet, spread evenly over the windows that are not done. */
class Left {
  #rows: number;
  #windows = 0;

  constructor(rows: number) {
    this.#rows = rows;
  }

  open(windows: readonly TimeWindow[]): readonly TimeWindow[] {
    this.#windows += windows.length;
    return windows;
  }

  take(rows: number): void {
    this.#rows -= rows;
  }

  /** `share`: of one of the windows that were opened. */
  close(share: number): void {
    this.#windows -= share;
  }

  /** As many parts of a window as give every reader one, once few windows are left. */
  partsOf(window: TimeWindow, share: number): readonly TimeWindow[] {
    const portion = share / this.#windows;
    return partsOf(window, Math.floor(READERS * portion), this.#rows * portion);
  }
}
