import type { Said } from "./document.ts";

/** Whom a resource's policy lets do something, whatever conditions stand beside it. `*`: anybody. */
export const allowedTo = (policy: readonly Said[], action: string): readonly string[] => [
  ...new Set(
    policy
      .filter(({ effect }) => effect === "Allow")
      .flatMap((said) => (names(said, action) ? principalsOf(said) : [])),
  ),
];

/** Whether everybody is refused something; the conditions under which that holds are given to be judged. */
export const refusals = (policy: readonly Said[], action: string): readonly Said[] =>
  policy.filter(
    (said) =>
      said.effect === "Deny" && names(said, action) && said.elements.get("Principal AWS")?.includes("*") === true,
  );

const principalsOf = ({ elements }: Said): readonly string[] =>
  [...elements].flatMap(([name, values]) => (name.startsWith("Principal ") ? values : []));

const names = ({ elements }: Said, action: string): boolean => {
  const listed = elements.get("Action");
  const excluded = elements.get("NotAction");
  if (listed !== undefined) return listed.some((pattern) => matches(pattern, action));
  return excluded !== undefined && !excluded.some((pattern) => matches(pattern, action));
};

/** `*` and `?` are wildcards, and letters are letters in either case (IAM User Guide, "Action"). */
const matches = (pattern: string, action: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  ).test(action);
