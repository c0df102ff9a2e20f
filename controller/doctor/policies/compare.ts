/** A live policy beside the reviewed one, which leaves names open: `${WorkBucket}` is whatever stands there, the same wherever it does. */
import type { Said } from "./document.ts";

/** What open names stand for, as far as it is known. */
export type Bindings = Readonly<Record<string, string>>;

export interface Comparison {
  /** Reviewed, and not there. */
  readonly missing: readonly Said[];
  /** There, and not reviewed. */
  readonly extra: readonly Said[];
  /** What was given, and what was found out. */
  readonly bindings: Bindings;
}

/** Pairs statements that say the same, whatever they are called and in which order they stand. */
export function comparePolicies(reviewed: readonly Said[], live: readonly Said[], known: Bindings = {}): Comparison {
  const rest = [...live];
  const missing: Said[] = [];
  let bindings = known;
  for (const statement of reviewed) {
    const found = rest.findIndex((one) => sameStatement(statement, one, bindings) !== undefined);
    const [same] = found === -1 ? [] : rest.splice(found, 1);
    if (same === undefined) missing.push(statement);
    else bindings = sameStatement(statement, same, bindings) ?? bindings;
  }
  return { missing, extra: rest, bindings };
}

function sameStatement(reviewed: Said, live: Said, known: Bindings): Bindings | undefined {
  if (reviewed.effect !== live.effect || reviewed.elements.size !== live.elements.size) return undefined;
  let bindings: Bindings | undefined = known;
  for (const [name, values] of reviewed.elements) {
    const there = live.elements.get(name);
    bindings = there && bindings && sameValues(values, there, bindings);
    if (bindings === undefined) return undefined;
  }
  return bindings;
}

/** Each of the one list is one of the other. A name that is open yet may stand for several of them, so that each is tried. */
function sameValues(reviewed: readonly string[], live: readonly string[], known: Bindings): Bindings | undefined {
  if (reviewed.length !== live.length) return undefined;
  const [first, ...others] = reviewed;
  if (first === undefined) return known;
  for (const [at, value] of live.entries()) {
    const bindings = sameText(first, value, known);
    const rest = bindings && sameValues(others, live.toSpliced(at, 1), bindings);
    if (rest !== undefined) return rest;
  }
  return undefined;
}

const OPEN = /\$\{([\w:]+)\}/g;

function sameText(reviewed: string, live: string, known: Bindings): Bindings | undefined {
  if (!reviewed.includes("${")) return reviewed === live ? known : undefined;
  const names = [...reviewed.matchAll(OPEN)].map(([, name = ""]) => name);
  const parts = reviewed.split(OPEN).filter((_part, at) => at % 2 === 0);
  const pattern = parts.map((part, at) => escaped(part) + (at < names.length ? `(${valueOf(names[at]!, known)})` : ""));
  const found = new RegExp(`^${pattern.join("")}$`, "s").exec(live);
  if (found === null) return undefined;
  const bindings: Record<string, string> = { ...known };
  for (const [at, name] of names.entries()) {
    const value = found[at + 1] ?? "";
    if (bindings[name] !== undefined && bindings[name] !== value) return undefined;
    bindings[name] = value;
  }
  return bindings;
}

const valueOf = (name: string, known: Bindings): string => (known[name] === undefined ? ".+?" : escaped(known[name]));
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `NeverLockForEver (Deny backup:putbackupvaultlockconfiguration)`: a statement as messages name it. */
export function nameOf({ sid, effect, elements }: Said): string {
  const actions = elements.get("Action") ?? elements.get("NotAction") ?? [];
  const told =
    actions.length > 3 ? `${actions.slice(0, 2).join(", ")} and ${actions.length - 2} more` : actions.join(", ");
  return sid === "" ? `${effect} ${told}` : `${sid} (${effect} ${told})`;
}
