import { canonical } from "../../domain/digest.ts";
import type { ToldAction, ToldHold, ToldResource } from "../told.ts";
import { several, type Cell } from "./csv.ts";
import { table, type Table } from "./table.ts";

type Keyed = Pick<ToldHold, "key">;
const KEY: Readonly<Record<string, (row: Keyed) => Cell>> = {
  accountId: ({ key }) => key.target.account,
  region: ({ key }) => key.target.region,
  kind: ({ key }) => key.kind,
  name: ({ key }) => key.name,
};

const place = ({ manifest }: Pick<ToldHold, "manifest">): Cell => manifest && `${manifest.path}:${manifest.line}`;

/** One difference a clause: path, what is live, what is desired. */
const differences = ({ differences, fields }: ToldResource): string =>
  several(
    (differences ?? fields ?? []).map(
      ({ path, live, desired }) =>
        `${path}: ${live === undefined ? "absent" : canonical(live)} -> ${desired === undefined ? "absent" : canonical(desired)}`,
    ),
  );

const failure = ({ failure }: Pick<ToldAction, "failure">): Cell =>
  failure && `${failure.operation}: ${failure.kind}: ${failure.message}`;

const RESOURCES = table(
  "resources.csv",
  "resources that are not in sync, held or unknown",
  ({ told }) => told.resources,
  {
    ...KEY,
    id: ({ id }) => id,
    arn: ({ arn }) => arn,
    drift: ({ drift }) => drift,
    outcome: ({ outcome }) => outcome,
    differences,
    because: ({ because }) => because,
    finding: ({ finding }) => finding?.cause,
    policy: ({ finding }) => finding?.policy,
    ofResource: ({ finding }) => finding?.resource,
    failure,
    desiredSha256: ({ desiredSha256 }) => desiredSha256,
    observedSha256: ({ observedSha256 }) => observedSha256,
    checkedOn: ({ checkedOn }) => checkedOn,
    requestIds: ({ requestIds }) => several(requestIds),
    change: ({ change }) => change,
    manifest: place,
  },
);

const HELD = table(
  "held.csv",
  "changes decided against for now, why, and what releases each",
  ({ told }) => told.held,
  {
    ...KEY,
    subject: ({ subject }) => subject,
    change: ({ change }) => change,
    action: ({ action }) => action,
    effect: ({ effect }) => effect,
    reason: ({ reason }) => reason,
    also: ({ also }) => several(also),
    because: ({ because }) => because,
    release: ({ release }) => release,
    manifest: place,
  },
);

const ACTIONS = table(
  "actions.csv",
  "writes tried, once per try; requestId is the join to CloudTrail",
  ({ told }) => told.actions,
  {
    ...KEY,
    id: ({ id }) => id,
    arn: ({ arn }) => arn,
    subject: ({ subject }) => subject,
    change: ({ change }) => change,
    action: ({ action }) => action,
    role: ({ role }) => role,
    operation: ({ operation }) => operation,
    calledOn: ({ calledOn }) => calledOn,
    requestId: ({ requestId }) => requestId,
    outcome: ({ outcome }) => outcome,
    failure,
    beforeSha256: ({ beforeSha256 }) => beforeSha256,
    afterSha256: ({ afterSha256 }) => afterSha256,
  },
);

const JOBS = table(
  "jobs.csv",
  "backup and copy jobs that did not do all they should",
  ({ told }) => told.jobs?.failed ?? [],
  {
    jobId: ({ jobId }) => jobId,
    kind: ({ kind }) => kind,
    arn: ({ arn }) => arn,
    state: ({ state }) => state,
    message: ({ message }) => message,
    on: ({ on }) => on,
    retriedBy: ({ retriedBy }) => retriedBy,
  },
);

const RESTORE_TESTS = table("restore-tests.csv", "restores made as tests", ({ told }) => told.restoreTests ?? [], {
  jobId: ({ jobId }) => jobId,
  recoveryPointArn: ({ recoveryPointArn }) => recoveryPointArn,
  resource: ({ resource }) => resource,
  resourceType: ({ resourceType }) => resourceType,
  startedOn: ({ startedOn }) => startedOn,
  finishedOn: ({ finishedOn }) => finishedOn,
  status: ({ status }) => status,
  validationStatus: ({ validationStatus }) => validationStatus,
  message: ({ message }) => message,
  rtoSeconds: ({ rtoSeconds }) => rtoSeconds,
  plan: ({ plan }) => plan,
  rtoTargetSeconds: ({ rtoTargetSeconds }) => rtoTargetSeconds,
  rtoMet: ({ rtoMet }) => rtoMet,
});

const RESTORE_TIMES = table(
  "restore-times.csv",
  "how long the restores of a class take, and which way that goes",
  ({ told }) => told.restoreTimes ?? [],
  {
    accountId: ({ target }) => target.account,
    region: ({ target }) => target.region,
    plan: ({ plan }) => plan,
    resourceType: ({ type }) => type,
    restores: ({ restores }) => restores,
    lastOn: ({ lastOn }) => lastOn,
    lastSeconds: ({ lastSeconds }) => lastSeconds,
    medianSeconds: ({ medianSeconds }) => medianSeconds,
    rtoTargetSeconds: ({ rtoSeconds }) => rtoSeconds,
    direction: ({ direction }) => direction,
  },
);

const EXCEPTIONS = table("exceptions.csv", "accepted exceptions, from git", ({ told }) => told.exceptions ?? [], {
  id: ({ id }) => id,
  arn: ({ arn }) => arn,
  reason: ({ reason }) => reason,
  approvedIn: ({ approvedIn }) => approvedIn,
  owner: ({ owner }) => owner,
  expiresOn: ({ expiresOn }) => expiresOn,
});

const UNPROTECTED = table(
  "unprotected.csv",
  "resources that AWS Backup could protect and has no recovery point of",
  ({ told }) => (told.coverage?.unprotected ?? []).map((row) => ({ ...row, ...told.coverage })),
  {
    arn: ({ arn }) => arn,
    type: ({ type }) => type,
    reason: ({ reason }) => reason,
    population: ({ population }) => population,
    protected: (row) => row.protected,
    coverageComplete: ({ complete }) => complete,
  },
);

const VAULTS = table("vaults.csv", "vaults and their locks", ({ told }) => told.vaults ?? [], {
  arn: ({ arn }) => arn,
  type: ({ type }) => type,
  locked: ({ locked }) => locked,
  lockDate: ({ lockDate }) => lockDate,
  minDays: ({ minDays }) => minDays,
  maxDays: ({ maxDays }) => maxDays,
  kmsKeyArn: ({ kmsKeyArn }) => kmsKeyArn,
  policySha256: ({ policySha256 }) => policySha256,
  recoveryPointCount: ({ recoveryPointCount }) => recoveryPointCount,
});

const MISNAMED = table(
  "misnamed.csv",
  "names found that are not as the Fleet's naming rules have them",
  ({ told }) => told.misnamed ?? [],
  {
    ...KEY,
    id: ({ id }) => id,
    of: ({ of }) => of,
    misnamed: (row) => row.name,
    pattern: ({ pattern }) => pattern,
    because: ({ because }) => because,
  },
);

/** The tables whose rows are in reports themselves. The index, the reads and the recovery points have files of their own. */
export const TABLES: readonly Table[] = [
  RESOURCES,
  HELD,
  ACTIONS,
  JOBS,
  RESTORE_TESTS,
  RESTORE_TIMES,
  EXCEPTIONS,
  UNPROTECTED,
  VAULTS,
  MISNAMED,
];
