import * as z from "zod";

/** As much of a vault's access policy as says whether another account may copy into it (semantics §4.8). */
const Statement = z.looseObject({ Effect: z.enum(["Allow", "Deny"]) });
export type PolicyStatement = z.infer<typeof Statement> & { readonly [member: string]: unknown };
export const PolicyDocument = z.looseObject({
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});

/** The statements of a document, or none where it is no policy at all. */
export function statementsIn(document: unknown): readonly PolicyStatement[] {
  const policy = PolicyDocument.safeParse(document);
  return policy.success ? policy.data.Statement : [];
}

/** Whether some statement lets an account copy in. Conditions are taken to be met: the organization's id, most often. */
export const letsCopiesIn = (statements: readonly PolicyStatement[], account: string): boolean =>
  statements.some((one) => one.Effect === "Allow" && isAboutCopies(one) && names(one, account));

const isAboutCopies = (statement: PolicyStatement): boolean =>
  texts(statement["Action"]).some((action) => action === "backup:CopyIntoBackupVault" || action === "*");

const names = (statement: PolicyStatement, account: string): boolean =>
  principals(statement["Principal"]).some((who) => who === "*" || who === account || who.includes(`::${account}:`));

const texts = (value: unknown): readonly string[] => [value].flat().filter((one) => typeof one === "string");

const principals = (principal: unknown): readonly string[] =>
  typeof principal === "object" && principal !== null ? Object.values(principal).flatMap(texts) : texts(principal);
