import * as z from "zod";

/** A pattern is tried on every name there is: more stretches than this could take long over a name that almost fits. */
const MOST_STRETCHES = 4;

const Pattern = z
  .string()
  .max(128)
  .regex(
    /^([\w .*?-]|\$\{(partition|account|region)\}|\{[\w .*?,-]+\})+$/,
    "a name with * and ? for wildcards, {a,b} for one of several, and ${partition}, ${account} or ${region}",
  )
  .refine((pattern) => pattern.split("*").length - 1 <= MOST_STRETCHES, { message: "has more than four *" });

const Rule = z.strictObject({
  pattern: Pattern.describe("What every name must look like: *, ?, {a,b}, ${partition}, ${account}, ${region}."),
  message: z.string().min(1).optional().describe("What to tell who breaks it."),
});

/** How things that manifests declare must be called. */
export const Naming = z
  .strictObject({
    vaults: Rule.optional(),
    plans: Rule.optional(),
    rules: Rule.optional().describe("Of backup plans."),
    selections: Rule.optional(),
  })
  .describe("How what manifests declare must be called: another name is an error.");
export type Naming = z.infer<typeof Naming>;
export type NamingRule = z.infer<typeof Rule>;
