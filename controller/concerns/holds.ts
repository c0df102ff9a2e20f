import { concernId, type Seen } from "../domain/concern.ts";
import { type ResourceKey, showKey } from "../domain/identity.ts";
import type { HoldRow } from "../domain/report-rows.ts";
import type { ReportBody } from "../domain/report.ts";
import { causeOf, waitsForPerson } from "./causes.ts";

export const holdId = (hold: ResourceKey): string => concernId({ hold });

/** Changes of declared resources, and exceptions run out, that wait for a person. Held findings are told as findings. */
export function* holdConcerns({ held }: ReportBody): Generator<Seen> {
  const waiting = held.filter(({ subject }) => subject === undefined).flatMap((hold) => reasonOf(hold));
  const byKey = new Map(waiting.map((one) => [showKey(one.hold.key), one]));
  for (const { hold, reason } of byKey.values())
    yield {
      id: holdId(hold.key),
      cause: reason,
      severity: causeOf(reason).severity,
      target: hold.key.target,
      subject: `${hold.key.kind} ${hold.key.name}`,
      count: 1,
      because: hold.because,
      fix: hold.release,
      basis: { by: "hold", kind: hold.key.kind },
    };
}

/** The first reason that waits for a person. A run over a part of the fleet tells its narrowness first. */
function reasonOf(hold: HoldRow): readonly { readonly hold: HoldRow; readonly reason: string }[] {
  if (hold.reason === "partial-scope" || hold.reason === "waived") return [];
  return waitsForPerson(hold.reason) ? [{ hold, reason: hold.reason }] : [];
}
