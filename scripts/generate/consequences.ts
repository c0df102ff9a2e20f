import { kinds } from "../../controller/kinds/index.ts";
import type { Keyed, Leaf } from "../../controller/kinds/kind.ts";

/** What happens if a field of a manifest is edited; undefined where no resource has the field. */
export type Consequence = (manifest: string, path: string) => string | undefined;

type Tree = Leaf<unknown> | Keyed<unknown> | { readonly [name: string]: Tree };

/** Which kind the fields under a path of a manifest belong to, and where they stand in that kind's spec. Longest path first. */
const OWNERS: Readonly<Record<string, readonly (readonly [path: string, kind: string, within: string])[]>> = {
  BackupVault: [
    ["accessPolicy", "vault-policy", "policy"],
    ["notifications", "vault-notifications", ""],
    ["lock", "vault-lock", ""],
    ["", "vault", ""],
  ],
  BackupPlan: [
    ["selections[]", "selection", ""],
    ["", "plan", ""],
  ],
  BackupSelection: [["", "selection", ""]],
  RegionSettings: [["", "region-settings", ""]],
  RestoreTestingPlan: [
    ["selections[]", "restore-testing-selection", ""],
    ["", "restore-testing-plan", ""],
  ],
};

/** Reads it off the kinds, which declare for every field how it changes and what that does to protection. */
export const consequenceOf: Consequence = (manifest, path) => {
  const owner = OWNERS[manifest]?.find(
    ([prefix]) => path === prefix || path.startsWith(prefix === "" ? "" : `${prefix}.`),
  );
  if (!owner) return undefined;
  const [prefix, name, within] = owner;
  const fields = kinds.find((kind) => kind.name === name)?.definition.fields as Tree | undefined;
  const rest = path.slice(prefix.length).replace(/^\./, "");
  const steps = [...within.split("."), ...rest.split(".")].filter(Boolean);
  const around = fields && steps.slice(0, -1).reduce(down, fields);
  if (around && isKeyed(around) && nameOfKey(around) === steps.at(-1))
    return "names the entry: another one is another entry";
  const found = around && (steps.length > 0 ? down(around, steps.at(-1)!) : around);
  return found && describe(found);
};

/** The field that entries of a list are told apart by: a key that reads one field gives back that field's name here. */
const nameOfKey = ({ key }: Keyed<unknown>): string => key(new Proxy({}, { get: (_, name) => String(name) }));

/** One step down: into a field, or into what every element of a list is made of. A leaf judges all that is in it. */
function down(tree: Tree | undefined, step: string): Tree | undefined {
  if (!tree || isLeaf(tree)) return tree;
  const inside = isKeyed(tree) ? (tree.each as Tree) : tree;
  return isLeaf(inside) ? inside : (inside as Readonly<Record<string, Tree>>)[step.replace(/\[\]$/, "")];
}

const isLeaf = (tree: Tree): tree is Leaf<unknown> => "effect" in tree && typeof tree["on"] === "string";
const isKeyed = (tree: Tree): tree is Keyed<unknown> => "each" in tree && "key" in tree;

const HOW = {
  "in-place": "changed in place",
  replace: "a new one is made and confirmed, then the old one goes",
  never: "held: AWS cannot change it",
} as const;

function describe(tree: Tree): string | undefined {
  if (isLeaf(tree))
    return `${HOW[tree.on]}; ${typeof tree.effect === "function" ? "may strengthen or weaken" : tree.effect}`;
  if (isKeyed(tree)) return `${HOW[tree.on]}; adding ${judged(tree.added)}, removing ${judged(tree.removed)}`;
  return undefined;
}

const judged = (effect: unknown): string => (typeof effect === "string" ? effect : "may strengthen or weaken");
