import { concernId, type Seen } from "../domain/concern.ts";
import { holdsBy } from "../domain/holds-by.ts";
import { showTarget } from "../domain/identity.ts";
import type { HoldRow, ResourceRow } from "../domain/report-rows.ts";
import type { ReportBody } from "../domain/report.ts";
import { causeOf, isEach } from "./causes.ts";

/** A finding's row with what holds back its mending. */
interface Found {
  readonly row: ResourceRow & { readonly finding: NonNullable<ResourceRow["finding"]> };
  readonly hold: HoldRow | undefined;
}

/** Findings that a run leaves, but those that somebody accepted. */
export const findingConcerns = (body: ReportBody): Generator<Seen> =>
  drawnFrom(foundIn(body).filter(({ hold }) => !isWaived(hold)));

/** What would be of concern, had nobody accepted it. */
export const acceptedConcerns = (body: ReportBody): Generator<Seen> =>
  drawnFrom(foundIn(body).filter(({ hold }) => isWaived(hold)));

function foundIn({ resources, held }: ReportBody): readonly Found[] {
  const holdOf = holdsBy(held);
  return resources.flatMap((row) =>
    row.finding ? [{ row: { ...row, finding: row.finding }, hold: holdOf(row) }] : [],
  );
}

function* drawnFrom(found: readonly Found[]): Generator<Seen> {
  for (const one of found) if (isEach(one.row.finding.cause)) yield ofOne(one);
  const others = found.filter(({ row }) => !isEach(row.finding.cause));
  for (const alike of Map.groupBy(others, ofOnePolicy).values()) yield ofAll(alike);
}

const isWaived = (hold: HoldRow | undefined): boolean =>
  hold !== undefined && (hold.reason === "waived" || hold.also.includes("waived"));

const ofOnePolicy = ({ row: { key, finding } }: Found): string =>
  `${showTarget(key.target)} ${key.kind} ${finding.policy} ${finding.cause}`;

function ofOne({ row: { key, id, because, finding }, hold }: Found): Seen {
  const { cause, policy, resource } = finding;
  const subject = resource ?? id ?? key.name;
  return {
    id: concernId({ finding: cause, kind: key.kind, target: key.target, policy, subject }),
    ...common(key, cause, policy),
    subject,
    count: 1,
    ...ownerOf(finding),
    because: because ?? causeOf(cause).title,
    fix: fixOf([hold]),
  };
}

function ofAll(alike: readonly Found[]): Seen {
  const { row } = alike[0]!;
  const { key, finding } = row;
  const { cause, policy } = finding;
  const owners = new Set(alike.map((one) => one.row.finding.owner));
  return {
    id: concernId({ finding: cause, kind: key.kind, target: key.target, policy }),
    ...common(key, cause, policy),
    subject: policy,
    count: alike.length,
    ...(owners.size === 1 ? ownerOf(finding) : {}),
    because:
      alike.length === 1
        ? `${row.id ?? key.name}: ${row.because ?? causeOf(cause).title}`
        : `${alike.length} that break policy ${policy}, ${row.id ?? key.name} among them: ${row.because ?? causeOf(cause).title}`,
    fix: fixOf(alike.map(({ hold }) => hold)),
  };
}

const common = ({ kind, target }: ResourceRow["key"], cause: string, policy: string) => ({
  cause,
  severity: causeOf(cause).severity,
  target,
  basis: { by: "finding", kind, policy } as const,
});

const ownerOf = ({ owner }: Found["row"]["finding"]): { readonly owner?: string } =>
  owner === undefined ? {} : { owner };

/** What releases most of them. Where nothing is held the next run mends it, or says why it could not. */
function fixOf(holds: readonly (HoldRow | undefined)[]): string {
  const releases = Map.groupBy(
    holds.flatMap((hold) => hold?.release ?? []),
    (release) => release,
  );
  const [most] = [...releases].toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  return most?.[0] ?? "nothing by hand: the next run goes on mending it";
}
