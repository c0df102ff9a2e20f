import type { Finding } from "../domain/change.ts";

/** A finding that a look showed to be none. */
export const DROPPED = "";
export const dropped = (finding: Finding): Finding => ({ ...finding, cause: DROPPED });
