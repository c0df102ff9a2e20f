import * as z from "zod";
import {
  HOLD_REASONS,
  type Bar,
  type Change,
  type Consent,
  type Destruction,
  type FieldDrift,
  type Finding,
  type Mend,
} from "../domain/change.ts";
import type { Management, Source } from "../domain/desired.ts";
import { EFFECTS, HAZARDS } from "../domain/effect.ts";
import type { AwsFailure, FailureKind } from "../domain/errors.ts";
import { Instant, ResourceKey, Target } from "../domain/identity.ts";
import type { Live } from "../domain/live.ts";
import { ROLES, type Attempt, type Outcome, type SkipReason } from "../domain/outcome.ts";

/**
 * The schemas of a journal's rows: changes and outcomes as the domain has them, read back strictly. Specs and states are their kinds' to
 * understand, so they are JSON here. Each schema is held to its domain type, so that neither can change alone.
 */

/** JSON has no undefined: a member that was undefined is gone when it is read back. */
const anything = z.unknown().default(undefined);

const SourceRow: z.ZodType<Source> = z.strictObject({ path: z.string(), line: z.int(), column: z.int() });

const FieldRow: z.ZodType<FieldDrift> = z.strictObject({
  path: z.string(),
  live: anything,
  desired: anything,
  effect: z.enum(EFFECTS),
  on: z.enum(["in-place", "replace", "never"]),
  hazards: z.array(z.enum(HAZARDS)),
});

const ManagementRow: z.ZodType<Management> = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("enforce") }),
  z.strictObject({ mode: z.literal("observe") }),
  z.strictObject({ mode: z.literal("suspended"), reason: z.string() }),
]);

const desiredCommon = {
  key: ResourceKey,
  management: ManagementRow,
  adopt: z.union([z.boolean(), z.string()]),
  source: SourceRow,
  within: ResourceKey.exactOptional(),
};
const WantedRow = z.strictObject({ ...desiredCommon, want: z.literal("present"), spec: anything });
const DesiredRow = z.discriminatedUnion("want", [
  WantedRow,
  z.strictObject({ ...desiredCommon, want: z.literal("absent") }),
]);

const LiveRow: z.ZodType<Live> = z.strictObject({
  key: ResourceKey,
  id: z.string(),
  state: anything,
  ownership: z.enum(["ours", "foreign", "none"]),
  managedBy: z.string().exactOptional(),
  suspendedUntil: Instant.exactOptional(),
});

const BarRow: z.ZodType<Bar> = z.strictObject({
  reason: z.enum(HOLD_REASONS),
  because: z.string(),
  release: z.string(),
});

const DestructionRow: z.ZodType<Destruction> = z.strictObject({
  identity: z.record(z.string(), z.union([z.string(), z.number()])),
  shorten: z.strictObject({ createdOn: z.number(), wantedDays: z.number() }).exactOptional(),
  beside: z.strictObject({ status: z.string(), rank: z.number(), bytes: z.number() }),
  graceMs: z.number(),
  state: z.string(),
  last: z.boolean(),
});

const MendRow: z.ZodType<Mend> = z.strictObject({
  step: z.string(),
  fields: z.array(FieldRow),
  input: anything,
  hazards: z.array(z.enum(HAZARDS)).exactOptional(),
  copies: z.strictObject({ bytes: z.number() }).exactOptional(),
  destruction: DestructionRow.exactOptional(),
});

const FindingRow: z.ZodType<Finding> = z.strictObject({
  key: ResourceKey,
  subject: z.string(),
  partition: z.string(),
  judgedIn: Target,
  within: ResourceKey,
  of: z.strictObject({ resource: z.string(), type: z.string() }),
  rule: z.strictObject({ name: z.string(), source: SourceRow }),
  cause: z.string(),
  because: z.string(),
  bars: z.array(BarRow),
  bytes: z.number(),
  management: z.enum(["enforce", "observe"]),
  mend: MendRow.exactOptional(),
});

const ConsentRow: z.ZodType<Consent> = z.strictObject({
  approval: z.string(),
  digest: z.string(),
  expiresOn: Instant,
  ticket: z.string().exactOptional(),
});

const changeCommon = {
  id: z.string(),
  key: ResourceKey,
  effect: z.enum(EFFECTS),
  hazards: z.array(z.enum(HAZARDS)),
  restores: z.boolean(),
  source: SourceRow.exactOptional(),
  consent: ConsentRow.exactOptional(),
  fields: z.array(FieldRow),
};
export const ChangeRow: z.ZodType<Change> = z.discriminatedUnion("action", [
  z.strictObject({ ...changeCommon, action: z.literal("create"), desired: WantedRow }),
  z.strictObject({ ...changeCommon, action: z.enum(["update", "replace"]), desired: WantedRow, live: LiveRow }),
  z.strictObject({ ...changeCommon, action: z.literal("adopt"), desired: WantedRow, live: LiveRow }),
  z.strictObject({ ...changeCommon, action: z.literal("prune"), live: LiveRow, desired: DesiredRow.exactOptional() }),
  z.strictObject({ ...changeCommon, action: z.literal("amend"), finding: FindingRow }),
]);

const FAILURE_KINDS = {
  denied: "denied",
  unreachable: "unreachable",
  expired: "expired",
  throttled: "throttled",
  missing: "missing",
  exists: "exists",
  conflict: "conflict",
  quota: "quota",
  invalid: "invalid",
  unsupported: "unsupported",
  unavailable: "unavailable",
  unanswered: "unanswered",
} as const satisfies { readonly [Kind in FailureKind]: Kind };
const SKIP_REASONS = {
  deadline: "deadline",
  "earlier-wave-failed": "earlier-wave-failed",
  "lease-lost": "lease-lost",
  moved: "moved",
} as const satisfies { readonly [Reason in SkipReason]: Reason };

const FailureRow: z.ZodType<AwsFailure> = z.strictObject({
  kind: z.enum(FAILURE_KINDS),
  operation: z.string(),
  message: z.string(),
  code: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
});
const AttemptRow: z.ZodType<Attempt> = z.strictObject({
  changeId: z.string(),
  target: Target,
  role: z.enum(ROLES),
  operation: z.string(),
  at: Instant,
  requestId: z.string().exactOptional(),
  failure: FailureRow.exactOptional(),
});

const outcomeCommon = { change: ChangeRow, at: Instant, attempts: z.array(AttemptRow) };
export const OutcomeRow: z.ZodType<Outcome> = z.discriminatedUnion("result", [
  z.strictObject({ ...outcomeCommon, result: z.literal("applied") }),
  z.strictObject({ ...outcomeCommon, result: z.literal("accepted") }),
  z.strictObject({ ...outcomeCommon, result: z.literal("failed"), failure: FailureRow }),
  z.strictObject({
    ...outcomeCommon,
    result: z.literal("skipped"),
    because: z.enum(SKIP_REASONS),
    note: z.string().exactOptional(),
  }),
]);
