import type { Revision } from "../domain/desired.ts";
import type { SourceSection } from "../domain/report.ts";

/** A revision as a report tells of it: all but its files, which are the statement's subjects. */
export function sourceSection({ files: _listed, ...rest }: Revision): SourceSection {
  return { ...UNBOUND, ...rest };
}

/** Of a desired state that no git binds. */
const UNBOUND = {
  ref: null,
  committedOn: null,
  manifestRoot: "",
  commitSignature: { format: "unknown" as const, status: "not-checked" as const, signer: null },
  pack: null,
};
