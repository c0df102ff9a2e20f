/** People set it, with any value, to say: hands off this point (rule 12). Ours never to set or to take away. */
export const KEEP_TAG = "holdfast:keep";

/** They inform people; the signed report decides (rule 12). */
export const ORPHAN_TAG = "holdfast:orphan";
export const DELETE_AFTER_TAG = "holdfast:delete-after";
/** What a mark says that does not hold any more: to take a tag off would take the right to take off people's. */
export const NO_MARK = "none";
