import type { WaiverSpec } from "../manifests/waiver.ts";
import { refuse, type Limit } from "./limit.ts";

/** That one has expired is no fault of the manifests': the run that meets what it was about says so. */
export function* waiverLimits({ findings, expectUnreachable }: WaiverSpec): Generator<Limit> {
  if (findings === undefined && expectUnreachable === undefined)
    yield refuse([], "waives nothing", "give findings, expectUnreachable or both");
}
