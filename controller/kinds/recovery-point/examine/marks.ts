/** People set it, with any value, to say: hands off this point (rule 12). Ours never to set or to take away. */
export const KEEP_TAG = "holdfast:keep";
