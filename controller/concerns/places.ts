import { concernId, type Seen } from "../domain/concern.ts";
import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { causeOf } from "./causes.ts";

/** Accounts out of reach, and targets of which a part could not be read: of what is there nobody can tell (law 1). */
export function* placeConcerns(body: ReportBody): Generator<Seen> {
  const { targets, listings } = body;
  const unread = targets.flatMap(({ target, result }) =>
    result === "INCOMPLETE" && !isOnlyNarrow(body, target) ? [target] : [],
  );
  const closed = Map.groupBy(
    unread.filter((target) => failureIn(listings, target)?.kind === "unreachable"),
    ({ account }) => account,
  );
  for (const [account, places] of closed) {
    const failure = failureIn(listings, places[0]!);
    yield {
      id: concernId({ unreachable: account }),
      ...common("account-unreachable", places[0]!),
      subject: account,
      count: places.length,
      because: `account ${account} could not be entered: ${failure?.message ?? "no reason was given"}`,
      fix: "let its observe role trust the controller's, or waive it with expectUnreachable while it is closed",
    };
  }
  for (const target of unread.filter(({ account }) => !closed.has(account)))
    yield {
      id: concernId({ unread: target }),
      ...common("target-unreadable", target),
      subject: showTarget(target),
      count: 1,
      because: unreadSentence(body, target),
      fix: "give the observe role what the failure names; what passes by itself the next run reads",
    };
}

/** A run over a part of the fleet read all that is there, and not all that it is judged by elsewhere: the next whole run does. */
const isOnlyNarrow = ({ scope, listings, governed }: ReportBody, target: Target): boolean =>
  scope.partial && [...listings, ...governed].every((part) => part.complete || !sameTarget(part.target, target));

const common = (cause: string, target: Target) => ({
  cause,
  severity: causeOf(cause).severity,
  target,
  basis: { by: "target" } as const,
});

type Failure = NonNullable<ReportBody["listings"][number]["failure"]>;

/** The gravest: an account that cannot be entered fails whatever is asked of it. */
function failureIn(listings: ReportBody["listings"], target: Target): Failure | undefined {
  const failures = listings.flatMap((one) => (sameTarget(one.target, target) ? (one.failure ?? []) : []));
  return failures.find(({ kind }) => kind === "unreachable") ?? failures[0];
}

/** A listing there; else what something there is judged by and could not be read elsewhere; else what a change waits to know. */
function unreadSentence({ listings, resources, held }: ReportBody, target: Target): string {
  const isHere = ({ key }: { readonly key: { readonly target: Target } }): boolean => sameTarget(key.target, target);
  const unknown = resources.find((row) => row.outcome === "unknown" && row.failure && isHere(row));
  const failure = failureIn(listings, target) ?? unknown?.failure;
  const hold = held.find((one) => one.reason === "unknown-state" && isHere(one));
  const why = failure ? `${failure.operation}: ${failure.message}` : hold?.because;
  return `not all of ${showTarget(target)} could be read${why === undefined ? "" : `: ${why}`}`;
}
