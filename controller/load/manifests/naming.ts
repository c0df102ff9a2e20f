import * as z from "zod";

/** Each alternative of a pattern's braces is a pattern of its own: `{a,b}` twenty times over is a million. */
const MOST_ALTERNATIVES = 64;

const Pattern = z
  .string()
  .max(128)
  .regex(
    /^([\w .*?-]|\$\{(partition|account|region)\}|\{[\w .*?,-]+\})+$/,
    "a name with * and ? for wildcards, {a,b} for one of several, and ${partition}, ${account} or ${region}",
  )
  .refine((pattern) => alternatives(pattern) <= MOST_ALTERNATIVES, { message: "has more than 64 alternatives" });

const alternatives = (pattern: string): number =>
  [...pattern.matchAll(/(?<!\$)\{([^}]*)\}/g)].reduce(
    (product, [, inside = ""]) => product * inside.split(",").length,
    1,
  );

const Rule = z.strictObject({
  pattern: Pattern.describe("What every name must look like: *, ?, {a,b}, ${partition}, ${account}, ${region}."),
  message: z.string().min(1).optional().describe("What to tell who breaks it."),
});

/** How things must be called: what manifests declare is refused otherwise, what is found in AWS is reported. */
export const Naming = z
  .strictObject({
    vaults: Rule.optional(),
    plans: Rule.optional(),
    rules: Rule.optional().describe("Of backup plans."),
    selections: Rule.optional(),
  })
  .describe(
    "How things must be called. A manifest with another name is an error; another name found in AWS is reported.",
  );
export type Naming = z.infer<typeof Naming>;
