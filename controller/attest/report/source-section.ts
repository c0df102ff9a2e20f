import type { Revision } from "../../domain/desired.ts";
import type { SourceSection } from "../../domain/report.ts";

/** A revision as a report tells of it: all but its files, which are the statement's subjects, and why a pack is missing, which is a limitation. */
export const sourceSection = ({ files: _listed, unpacked: _why, ...rest }: Revision): SourceSection => rest;
