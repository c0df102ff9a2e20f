import type * as z from "zod";
import type { Approval, Problem, Source, Waiver } from "../../domain/desired.ts";
import { limitProblems, type Limit } from "../limits/limit.ts";
import { plain, showPlace, type Located } from "../located.ts";
import { hasErrors } from "../problems.ts";
import { fieldNames } from "../schema-names.ts";
import { schemaProblems } from "../schema-problems.ts";
import { variableProblems } from "../variables.ts";
import { PlainName } from "./common.ts";

/** Under which name, and where, something was agreed to. */
interface Written {
  readonly name: string;
  readonly source: Source;
}

interface ConsentDefinition<Spec, As> {
  readonly kind: string;
  /** One sentence: what it declares. */
  readonly declares: string;
  readonly spec: z.ZodType<Spec>;
  /** What no schema of one field can say; without `now`, what is so at any time. */
  readonly limits: (spec: Spec, now: Date | undefined) => Iterable<Limit>;
  readonly as: (spec: Spec, written: Written) => As;
  /** The smallest manifest of this kind, as a person would write it. */
  readonly smallest: string;
}

export interface ReadConsent<As> {
  /** Undefined where something is wrong with it. */
  readonly as: As | undefined;
  readonly problems: readonly Problem[];
}

/** A kind of manifest that is placed nowhere: what people agreed to, said once for the whole fleet. It takes no variables. */
export interface ConsentKind<As = Approval | Waiver> extends Pick<
  ConsentDefinition<unknown, As>,
  "kind" | "declares" | "spec" | "smallest"
> {
  readonly name: z.ZodType<string>;
  readonly read: (spec: Located, written: Written, now: Date | undefined) => ReadConsent<As>;
}

export function defineConsent<Spec, As>(definition: ConsentDefinition<Spec, As>): ConsentKind<As> {
  const names = fieldNames(definition.spec);
  return {
    ...definition,
    name: PlainName,
    read: (root, written, now) => {
      const variables = variableProblems(root, definition.kind);
      const parsed = definition.spec.safeParse(plain(root), { reportInput: true });
      if (!parsed.success) {
        // Text that holds a variable fits no pattern either: the cause is enough.
        const known = new Set(variables.map(showPlace));
        const found = schemaProblems(parsed.error.issues, { root, called: "spec", names });
        return { as: undefined, problems: [...variables, ...found.filter((one) => !known.has(showPlace(one)))] };
      }
      const problems = [...variables, ...limitProblems(definition.limits(parsed.data, now), root)];
      return { as: hasErrors(problems) ? undefined : definition.as(parsed.data, written), problems };
    },
  };
}
