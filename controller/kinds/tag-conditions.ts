/** What AWS wants before a tag's key in a condition, and not in listOfTags (semantics §3.1). */
export const CONDITION_PREFIX = "aws:ResourceTag/";

/** The tag that a condition's key tests; a key that lacks the prefix is given back as it is. */
export const testedTag = (key: string): string =>
  key.startsWith(CONDITION_PREFIX) ? key.slice(CONDITION_PREFIX.length) : key;
