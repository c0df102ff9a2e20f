import type { Finding } from "../../domain/change.ts";
import type { RestoreTestRow, TestedClass } from "../../domain/tested.ts";
import { classOf, type TestFold } from "./fold.ts";

/** Jobs remembered of a class: the newest of more than anybody reads one by one. */
const MOST_STANDING = 50;

/**
 * The classes with the jobs that something is wrong with and that nobody can mend. AWS forgets a job after 30 days; that a restore failed, or
 * left something behind, is as true on the day after, until a later test of the resource says otherwise or what was left is gone.
 */
export function withStanding(fold: TestFold, findings: readonly Finding[]): readonly TestedClass[] {
  const rows = new Map([...standingIn(fold, findings), ...unseen(fold)].map((row) => [row.jobId, row]));
  const byClass = Map.groupBy(rows.values(), (row) => classOf(fold, row));
  return [...fold.classes.values()].map((one) => {
    const { standing: _before, ...known } = one.known;
    const standing = (byClass.get(one) ?? []).toSorted(newestFirst).slice(0, MOST_STANDING).toSorted(byId);
    return standing.length > 0 ? { ...known, standing } : known;
  });
}

function standingIn({ newest, made }: TestFold, findings: readonly Finding[]): readonly RestoreTestRow[] {
  const subjects = findings.filter(({ mend }) => mend === undefined).map(({ subject }) => subject);
  const jobs = new Set(subjects);
  return [
    ...[...newest.values()].filter(({ jobId }) => jobs.has(jobId)),
    ...subjects.flatMap((arn) => made.get(arn) ?? []),
  ];
}

/** What was left over when it could last be seen, where today it could not. */
const unseen = ({ facts: { restored }, classes }: TestFold): readonly RestoreTestRow[] =>
  "failure" in restored
    ? [...classes.values()].flatMap(({ known }) =>
        (known.standing ?? []).filter(({ created }) => created !== undefined),
      )
    : [];

const newestFirst = (a: RestoreTestRow, b: RestoreTestRow): number => b.createdOn - a.createdOn || byId(a, b);
const byId = (a: RestoreTestRow, b: RestoreTestRow): number => (a.jobId < b.jobId ? -1 : 1);
