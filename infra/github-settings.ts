import * as z from "zod";

/** Names as GitHub writes them into a token's subject, where a wildcard, a colon or a variable would mean something to somebody. */
const NAME = String.raw`[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?`;
const REPOSITORY = new RegExp(String.raw`^${NAME}(?:/[A-Za-z0-9_.-]+|@\d+/[A-Za-z0-9_.-]+@\d+)$`);
const ref = z.string().regex(/^[\w./-]{1,200}$/, "a whole name of letters, digits and . _ / -");

/** The repository whose workflow publishes desired state, and from where in it; and whether its pull requests show their plan. */
export const GitHubSettings = z
  .strictObject({
    repository: z
      .string()
      .regex(REPOSITORY, "org/repo, or org@123/repo@456 with the numbers that GitHub gave both; no wildcard")
      .describe("The repository, as the subject of its tokens has it: org/repo, or org@123/repo@456."),
    branch: ref.optional().describe("The branch whose workflows may publish."),
    environment: ref.optional().describe("In its place, the GitHub environment: a job that names one has no branch."),
    provider: z
      .enum(["create", "import"])
      .default("create")
      .describe("import: the account has GitHub's OIDC provider already. There can be one."),
    plan: z
      .boolean()
      .default(false)
      .describe("Whether pull requests of that repository may plan: a second role, which reads and no more."),
  })
  .refine(
    ({ branch, environment }) => (branch === undefined) !== (environment === undefined),
    "give branch or environment, and not both",
  );
export type GitHubSettings = z.infer<typeof GitHubSettings>;

/**
 * The `sub` claim of a publishing workflow's token (GitHub Docs, "OpenID Connect reference", "Immutable subject claims"). A repository that
 * was made or renamed since 15 July 2026 has the numbers in it, so that nobody who takes a name over takes its rights over; others may opt in.
 */
export const publishingSubject = ({ repository, branch, environment = "" }: GitHubSettings): string =>
  `repo:${repository}:${branch === undefined ? `environment:${environment}` : `ref:refs/heads/${branch}`}`;

/** The same of any pull request's workflow, for a job that names no environment: which branch it is from is not in it. */
export const planningSubject = ({ repository }: Pick<GitHubSettings, "repository">): string =>
  `repo:${repository}:pull_request`;
