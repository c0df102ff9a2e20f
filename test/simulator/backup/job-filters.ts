/** What the job listings can be narrowed by (semantics §5.4), and whose jobs they see. */
import type { BackupContext } from "./contract.ts";
import type { BackupState } from "./state.ts";
import type { Row, Table } from "./table.ts";

interface JobView {
  readonly AccountId?: string | undefined;
  readonly ResourceArn?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly State?: string | undefined;
  readonly CreationDate?: Date | undefined;
  readonly CompletionDate?: Date | undefined;
  readonly ParentJobId?: string | undefined;
  readonly MessageCategory?: string | undefined;
}

interface JobFilter {
  readonly ByResourceArn?: string | undefined;
  readonly ByResourceType?: string | undefined;
  readonly ByState?: string | undefined;
  readonly ByCreatedBefore?: Date | undefined;
  readonly ByCreatedAfter?: Date | undefined;
  readonly ByCompleteBefore?: Date | undefined;
  readonly ByCompleteAfter?: Date | undefined;
  readonly ByParentJobId?: string | undefined;
  readonly ByMessageCategory?: string | undefined;
  readonly ByAccountId?: string | undefined;
}

/** Message categories are compared without regard to case; a job that has not completed is outside every completion window. */
export function isAskedFor(job: JobView, by: JobFilter): boolean {
  const { ByMessageCategory: category, ByAccountId: account } = by;
  return (
    same(by.ByResourceArn, job.ResourceArn) &&
    same(by.ByResourceType, job.ResourceType) &&
    same(by.ByState, job.State) &&
    same(by.ByParentJobId, job.ParentJobId) &&
    same(category?.toLowerCase(), job.MessageCategory?.toLowerCase()) &&
    (account === "*" || same(account, job.AccountId)) &&
    within(job.CreationDate, by.ByCreatedAfter, by.ByCreatedBefore) &&
    within(job.CompletionDate, by.ByCompleteAfter, by.ByCompleteBefore)
  );
}

export interface ListedJob<Job> extends Row {
  readonly job: Job;
}

/** The account's own; those of the whole organization where its management account asks for another account's or for all. */
export function visibleJobs<Job extends Row & { readonly view: JobView }>(
  { state, account, region }: BackupContext,
  { ByAccountId: asked }: JobFilter,
  jobsOf: (state: BackupState) => Table<Job>,
): ListedJob<Job>[] {
  const { world } = state;
  const own = Array.from(jobsOf(state), (job) => ({ job, sequence: job.sequence }));
  if (asked === undefined || asked === account || account !== world.managementAccount) return own;
  const organization = world.organizationOf(account);
  const members = Array.from(world.states()).filter(
    (each) => each.region === region && world.organizationOf(each.account) === organization,
  );
  return inOrderOfCreation(members.flatMap((each) => [...jobsOf(each)]));
}

/** Sequences of different accounts know nothing of each other; milliseconds and a place among equals make one that pages can rest on. */
function inOrderOfCreation<Job extends { readonly view: JobView }>(jobs: readonly Job[]): ListedJob<Job>[] {
  const milliseconds = (job: Job) => job.view.CreationDate?.getTime() ?? 0;
  let place = 0;
  let before = -1;
  return jobs
    .toSorted((a, b) => milliseconds(a) - milliseconds(b))
    .map((job) => {
      const at = milliseconds(job);
      place = at === before ? place + 1 : 0;
      before = at;
      return { job, sequence: at * 1000 + place };
    });
}

export function same<T>(wanted: T | undefined, is: T | undefined): boolean {
  return wanted === undefined || wanted === is;
}

/** Both ends of a window are open. */
function within(at: Date | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  return at !== undefined && (after === undefined || at > after) && (before === undefined || at < before);
}
