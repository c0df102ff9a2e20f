import { type NearMiss, nearMiss } from "../../near-miss.ts";
import type { Order } from "../order.ts";
import { orderText } from "../order.ts";
import type { ResourceRow } from "../row.ts";
import type { Maker, Makers } from "./makers.ts";
import type { Breach } from "./standing.ts";

/** Why a resource is not protected as it should be, in half a sentence, and what a person can do. */
export interface Reason {
  readonly because: string;
  readonly release: (cause: Breach["cause"]) => string;
}

export type Verdicts = ReturnType<Makers["verdicts"]>;

/** Selections that are known to take the resource in. */
export const takersAmong = (verdicts: Verdicts): readonly Maker[] =>
  verdicts.filter(({ verdict }) => verdict.taken === "yes").map(({ maker }) => maker);

/** The nearest cause that selections and plans show: what failed comes with the jobs. */
export function reasonOf(row: ResourceRow, makers: Makers, verdicts: Verdicts, orders: readonly Order[]): Reason {
  const [taker] = takersAmong(verdicts);
  if (taker) return taken(taker, orders);
  const doubtful = verdicts.find(({ verdict }) => verdict.taken === "unknown");
  if (doubtful || !makers.whole)
    return {
      because: doubtful
        ? `whether selection ${nameOf(doubtful.maker)} takes it in cannot be told`
        : "not every selection here could be read, so that nobody can tell which plan should back it up",
      release: further("leave to read its tags, the Region's opt-ins and every selection"),
    };
  const optedOut = verdicts.find(({ verdict }) => verdict.taken === "no" && verdict.because.why === "opt-in");
  if (optedOut)
    return {
      because: `selection ${nameOf(optedOut.maker)} names it, and the Region has not opted in to ${row.type}`,
      release: further(`opt in to ${row.type} in this Region`),
    };
  return unselected(row, makers, verdicts);
}

function taken(taker: Maker, orders: readonly Order[]): Reason {
  const [order] = orders;
  return {
    because: order
      ? `${orderText(order)} should make them, by selection ${taker.selection.selectionName}`
      : `selection ${nameOf(taker)} takes it in, and no rule of its plan runs by a schedule that can be read`,
    release: further(
      order ? `the next run of ${orderText(order)}, once nothing stands in its way` : "a rule that runs",
    ),
  };
}

function unselected(row: ResourceRow, makers: Makers, verdicts: Verdicts): Reason {
  const near = firstMissed(row, makers.all);
  if (near) {
    const wanted = `${near.wanted.key}=${near.wanted.value}`;
    return {
      because: `no selection takes it in: its tag ${near.found} is not ${wanted}, which selection ${nameOf(near.maker)} asks for`,
      release: further(`the tag ${wanted} on it`),
    };
  }
  const leftOut = verdicts.find(({ verdict }) => verdict.taken === "no" && verdict.because.why === "excluded");
  return {
    because: leftOut
      ? `no selection takes it in, and ${nameOf(leftOut.maker)} leaves it out`
      : makers.all.length === 0
        ? "there is no selection here"
        : makers.all.length === 1
          ? "the one selection here does not take it in"
          : `none of the ${makers.all.length} selections here takes it in`,
    release: further("a selection that takes it in, or a Waiver"),
  };
}

/** By the first selection that some tag of the resource was probably meant for. */
function firstMissed(
  { tags = {} }: ResourceRow,
  makers: readonly Maker[],
): (NearMiss & { readonly maker: Maker }) | undefined {
  for (const maker of makers) {
    const near = nearMiss(tags, maker.selection);
    if (near) return { ...near, maker };
  }
  return undefined;
}

const nameOf = ({ planName, selection }: Maker): string => `${planName}/${selection.selectionName}`;

/** What a copy lacks, another cause than a missing backup has. */
const further =
  (release: string) =>
  (cause: Breach["cause"]): string =>
    cause === "uncopied"
      ? "a copy action there in its plan's rule, or a RecoveryPointPolicy with copies"
      : cause === "unlocked"
        ? "a copy into such a vault, or a compliance lock on the one it lies in"
        : release;
