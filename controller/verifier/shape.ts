import { Refused } from "./checks.ts";

/** Turns a value of unknown form into one of a known form, or throws `Refused` naming the place that is not so. */
export type Shape<T> = (value: unknown, at: string) => T;
export type Of<S> = S extends Shape<infer T> ? T : never;

const wrong = (at: string, wanted: string): Refused =>
  new Refused("schema", `${at || "the statement"} is not ${wanted}`);

export const text: Shape<string> = (value, at) => {
  if (typeof value !== "string") throw wrong(at, "text");
  return value;
};

export const truth: Shape<boolean> = (value, at) => {
  if (typeof value !== "boolean") throw wrong(at, "true or false");
  return value;
};

export const integer =
  (min = 0): Shape<number> =>
  (value, at) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min)
      throw wrong(at, `an integer from ${min} on`);
    return value;
  };

const matching =
  (pattern: RegExp, wanted: string): Shape<string> =>
  (value, at) => {
    if (typeof value !== "string" || !pattern.test(value)) throw wrong(at, wanted);
    return value;
  };

export const sha256Hex = matching(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hex");
export const sha1Hex = matching(/^[0-9a-f]{40}$/, "a git object id of 40 hex digits");
export const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a UUID in lower case");

const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, "a time as RFC 3339 writes it in UTC");
export const instant: Shape<string> = (value, at) => {
  const said = time(value, at);
  if (Number.isNaN(Date.parse(said))) throw wrong(at, "a time that there is");
  return said;
};

export const oneOf =
  <const T extends string>(...values: readonly T[]): Shape<T> =>
  (value, at) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw wrong(at, values.join(" or "));
    return found;
  };

export const list =
  <T>(item: Shape<T>, max = Number.POSITIVE_INFINITY): Shape<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, "a list");
    if (value.length > max) throw wrong(at, `a list of at most ${max}`);
    return value.map((one: unknown, index) => item(one, `${at}[${index}]`));
  };

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, at) =>
    value === null ? null : shape(value, at);

/** A member that may be absent. */
export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : shape(value, at);

export const anything: Shape<unknown> = (value) => value;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The members named, each of its shape; others are not looked at, so that a later minor version can add some. */
export const object =
  <S extends Readonly<Record<string, Shape<unknown>>>>(shapes: S): Shape<{ readonly [Name in keyof S]: Of<S[Name]> }> =>
  (value, at) => {
    if (!isObject(value)) throw wrong(at, "an object");
    const members = Object.entries(shapes).map(([name, shape]) => [
      name,
      shape(Object.hasOwn(value, name) ? value[name] : undefined, at === "" ? name : `${at}.${name}`),
    ]);
    return Object.fromEntries(members) as { readonly [Name in keyof S]: Of<S[Name]> };
  };

/** An object used as a table from text to values of one shape. */
export const table =
  <T>(shape: Shape<T>): Shape<ReadonlyMap<string, T>> =>
  (value, at) => {
    if (!isObject(value)) throw wrong(at, "an object");
    return new Map(Object.entries(value).map(([name, member]) => [name, shape(member, `${at}.${name}`)]));
  };
