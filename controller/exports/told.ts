import * as z from "zod";

/**
 * What exports read of a report: of this form and of the older one, and of reports in a chain that does not verify, so that nothing here
 * is required but what makes a report one. What is not known is passed over; what is absent was not looked at.
 */
const Text = z.string().optional();

const Key = z.object({
  target: z.object({ account: z.string(), region: z.string() }),
  kind: z.string(),
  name: z.string(),
});
const Position = z.object({ path: z.string(), line: z.number(), column: z.number() }).optional();
const Failure = z.object({ kind: z.string(), operation: z.string(), message: z.string() }).optional();
const Field = z.object({ path: z.string(), live: z.json().optional(), desired: z.json().optional(), effect: Text });
const Finding = z.object({ cause: z.string(), policy: z.string(), resource: Text, because: Text }).optional();

export const ToldResource = z.object({
  key: Key,
  id: Text,
  arn: Text,
  drift: z.string(),
  outcome: Text,
  manifest: Position,
  /** Called `fields` by reports of the older form. */
  differences: z.array(Field).optional(),
  fields: z.array(Field).optional(),
  failure: Failure,
  because: Text,
  finding: Finding,
  change: Text,
  desiredSha256: z.string().nullish(),
  observedSha256: z.string().nullish(),
  checkedOn: Text,
  requestIds: z.array(z.string()).optional(),
});
export type ToldResource = z.infer<typeof ToldResource>;

export const ToldHold = z.object({
  change: Text,
  key: Key,
  subject: Text,
  action: Text,
  effect: Text,
  reason: z.string(),
  also: z.array(z.string()).optional(),
  because: z.string(),
  release: z.string(),
  manifest: Position,
});
export type ToldHold = z.infer<typeof ToldHold>;

export const ToldChange = z.object({
  change: z.string(),
  key: Key,
  subject: Text,
  action: z.string(),
  effect: Text,
  result: z.string(),
  because: Text,
  manifest: Position,
  finding: Finding,
});
export type ToldChange = z.infer<typeof ToldChange>;

export const ToldAction = z.object({
  id: Text,
  change: z.string(),
  key: Key,
  arn: Text,
  subject: Text,
  action: z.string(),
  role: Text,
  operation: z.string(),
  calledOn: z.string(),
  requestId: Text,
  outcome: z.string(),
  failure: Failure,
  beforeSha256: z.string().nullish(),
  afterSha256: z.string().nullish(),
});
export type ToldAction = z.infer<typeof ToldAction>;

/** A read of AWS; a row without `api` is a listing of the older form, and no export has it. */
export const ToldObservation = z.object({
  api: z.string(),
  region: z.string(),
  accountId: z.string(),
  parameters: z.json(),
  pages: z.number(),
  items: z.number(),
  requestIds: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  complete: z.boolean(),
  failure: Failure,
});
export type ToldObservation = z.infer<typeof ToldObservation>;

export const ToldJob = z.object({
  jobId: z.string(),
  kind: z.string(),
  arn: z.string(),
  state: z.string(),
  message: z.string(),
  on: z.string(),
  retriedBy: Text,
});
export const ToldRestoreTest = z.object({
  jobId: z.string(),
  recoveryPointArn: z.string(),
  resource: z.string().nullish(),
  resourceType: z.string().nullish(),
  startedOn: z.string(),
  finishedOn: z.string().nullish(),
  status: z.string(),
  validationStatus: z.string().nullish(),
  message: z.string().nullish(),
  rtoSeconds: z.number().nullish(),
  plan: z.string().nullish(),
  rtoTargetSeconds: z.number().nullish(),
  rtoMet: z.boolean().nullish(),
});
export const ToldVault = z.object({
  arn: z.string(),
  type: z.string(),
  locked: z.boolean(),
  lockDate: z.string().nullish(),
  minDays: z.number().nullish(),
  maxDays: z.number().nullish(),
  kmsKeyArn: z.string().nullish(),
  policySha256: z.string().nullish(),
  recoveryPointCount: z.number(),
});
export const ToldException = z.object({
  id: z.string(),
  arn: z.string().nullish(),
  reason: z.string(),
  approvedIn: z.string().nullish(),
  owner: z.string().nullish(),
  expiresOn: z.string(),
});

export const ToldRestoreTimes = z.object({
  target: z.object({ account: z.string(), region: z.string() }),
  plan: z.string(),
  type: z.string(),
  restores: z.number(),
  lastOn: z.string(),
  lastSeconds: z.number(),
  medianSeconds: z.number(),
  rtoSeconds: z.number().nullish(),
  direction: z.string().nullish(),
});

export const ToldMisnamed = z.object({
  key: Key,
  id: z.string(),
  of: z.string(),
  name: z.string(),
  pattern: z.string(),
  because: z.string(),
});

export const ToldUnprotected = z.object({ arn: z.string(), type: z.string(), reason: z.string() });

const MaybeText = z.string().nullish();
/** A row of an inventory; `deleteOn` is null of a point that is kept for ever. */
export const ToldPoint = z.object({
  arn: z.string(),
  resourceArn: MaybeText,
  resourceType: MaybeText,
  status: MaybeText,
  form: MaybeText,
  createdOn: MaybeText,
  deleteOn: MaybeText,
  bytes: z.number().nullish(),
});
export type ToldPoint = z.infer<typeof ToldPoint>;

export const Told = z.object({
  chain: z.object({
    id: z.string(),
    sequence: z.number(),
    previous: z.object({ sequence: z.number(), payloadSha256: z.string() }).nullish(),
    log: z.object({ size: z.number(), rootHash: z.string() }).optional(),
    window: z.object({ from: z.string(), to: z.string() }).optional(),
    nextDueBefore: Text,
  }),
  reporter: z.object({ id: z.string(), version: z.string() }),
  source: z.object({ uri: z.string(), commit: z.string().nullish() }).nullish(),
  scope: z.object({ fleet: z.string().nullish(), partial: z.boolean() }),
  run: z.object({
    id: z.string(),
    trigger: z.string(),
    mode: z.string(),
    startedOn: z.string(),
    finishedOn: z.string(),
  }),
  result: z.string(),
  summary: z.record(z.string(), z.number()),
  resources: z.array(ToldResource),
  held: z.array(ToldHold),
  changes: z.array(ToldChange),
  actions: z.array(ToldAction),
  observations: z.array(z.unknown()).optional(),
  coverage: z
    .object({
      complete: z.boolean(),
      population: z.number(),
      protected: z.number(),
      unprotected: z.array(ToldUnprotected),
    })
    .nullish(),
  jobs: z
    .object({
      complete: z.boolean(),
      window: z.object({ from: z.string(), to: z.string() }),
      byState: z.record(z.string(), z.number()),
      failed: z.array(ToldJob),
    })
    .nullish(),
  restoreTests: z.array(ToldRestoreTest).nullish(),
  vaults: z.array(ToldVault).nullish(),
  exceptions: z.array(ToldException).nullish(),
  misnamed: z.array(ToldMisnamed).nullish(),
  restoreTimes: z.array(ToldRestoreTimes).nullish(),
  unchanged: z
    .object({
      since: z.object({ sequence: z.number(), payloadSha256: z.string() }),
      sections: z.array(z.string()),
    })
    .optional(),
  attachments: z.array(
    z.object({ name: z.string(), mediaType: z.string(), size: z.number(), digest: z.object({ sha256: z.string() }) }),
  ),
});
export type Told = z.infer<typeof Told>;

export const ToldStatement = z.object({
  _type: z.string(),
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
  predicate: z.unknown(),
});
