/** Whose a resource is by its tags: of several keys that name an owner, the first that it bears with a value counts. */
export function ownerBy(keys: readonly string[], tags: Readonly<Record<string, string>>): string | undefined {
  const key = keys.find((one) => Object.hasOwn(tags, one) && tags[one] !== "");
  return key === undefined ? undefined : tags[key];
}
