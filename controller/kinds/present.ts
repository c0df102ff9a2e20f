/** The same value without the members that are there and undefined, all the way down: absent is spelled one way. */
export function present<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => present(one)) as T;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // Only members that may be undefined are left out, so the type still holds.
  return Object.fromEntries(members.map(([name, member]) => [name, present(member)])) as T;
}
