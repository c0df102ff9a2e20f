import type { Revision } from "../../domain/desired.ts";
import type { SourceSection } from "../../domain/report.ts";

/**
 * A revision as a report tells of it: all but its files, which are the statement's subjects, why a pack is missing, which is a limitation,
 * and what was published before history was rewritten, which every hold tells that comes of it.
 */
export const sourceSection = ({ files: _f, unpacked: _u, brokenLines: _b, ...rest }: Revision): SourceSection => rest;
