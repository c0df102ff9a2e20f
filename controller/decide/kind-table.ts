import { canonical, digestOf } from "../domain/digest.ts";
import type { ResourceKey } from "../domain/identity.ts";
import type { JudgedKind } from "../domain/judging.ts";
import type { Live } from "../domain/live.ts";

/** The digest of a spec's normal form: what the in-sync attachment of a report holds. */
export const specDigest = (kind: JudgedKind, spec: unknown): string => digestOf(canonical(kind.normalise(spec)));

/** The same of what is live, in the spec's words: equal digests are no drift. */
export const stateDigest = (kind: JudgedKind, { state }: Live): string => digestOf(canonical(kind.observed(state)));

/** Kinds by name, and the order they go in: a kind's depth is one more than the deepest it comes after. */
export class KindTable {
  readonly #kinds: ReadonlyMap<string, JudgedKind>;
  readonly #after: ReadonlyMap<string, readonly string[]>;

  constructor(
    kinds: readonly JudgedKind[],
    governed: readonly { readonly name: string; readonly after: readonly string[] }[],
  ) {
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#after = new Map([...kinds, ...governed].map(({ name, after }) => [name, after]));
  }

  of(name: string): JudgedKind {
    const kind = this.#kinds.get(name);
    if (!kind) throw new RangeError(`no declared kind is called ${name}`);
    return kind;
  }

  /** Whether a kind is a declared one. */
  has(name: string): boolean {
    return this.#kinds.has(name);
  }

  depth(name: string): number {
    // What is no kind, a waiver say, rests on nothing.
    const after = this.#after.get(name) ?? [];
    return after.length === 0 ? 0 : 1 + Math.max(...after.map((one) => this.depth(one)));
  }

  /** Sorts resources as a reader goes through them: a target's own together, a vault before what is within it. */
  readonly compare = (a: ResourceKey, b: ResourceKey): number => compareText(this.#place(a), this.#place(b));

  #place({ target, kind, name }: ResourceKey): string {
    return [target.account, target.region, String(this.depth(kind)).padStart(3, "0"), kind, name].join("\n");
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
