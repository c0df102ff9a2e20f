import { UNSIGNED } from "../../controller/domain/desired.ts";

/** What a revision says of its commit where nobody asked git. */
export const NO_COMMIT = {
  ref: null,
  committedOn: null,
  manifestRoot: "",
  commitSignature: UNSIGNED,
  pack: null,
  unpacked: null,
} as const;
