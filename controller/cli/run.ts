import { randomBytes } from "node:crypto";
import type { Clock, Run } from "../ports.ts";
import { VERSION } from "../version.ts";

/** A person's run: no deadline of its own. The id sorts by time and is fit for a role session's name (rule 29). */
export function newRun(clock: Clock, scope: Run["scope"], { standalone }: { readonly standalone: boolean }): Run {
  const stamp = clock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, "");
  return {
    id: `${stamp}-${randomBytes(4).toString("hex")}`,
    trigger: "manual",
    deadline: Number.POSITIVE_INFINITY,
    reporter: { id: "holdfast/cli", version: VERSION },
    ...(scope ? { scope } : {}),
    standalone,
  };
}
