import * as z from "zod";
import { DELETION_RESULTS, graceEnds } from "../domain/announcement.ts";
import { HOLD_REASONS, type Change, type Consent, type FieldDrift, type Finding } from "../domain/change.ts";
import { CoverageEffect } from "../domain/coverage-effect.ts";
import type { Source } from "../domain/desired.ts";
import { canonical } from "../domain/digest.ts";
import type { Drift } from "../domain/drift.ts";
import { EFFECTS, HAZARDS } from "../domain/effect.ts";
import { Digest, Instant, instant, ResourceKey, showKey, Target } from "../domain/identity.ts";
import type { Hold, Plan } from "../domain/plan.ts";
import { GroupRow, MisnamedRow } from "../domain/report-rows.ts";
import { outlookOfPlan } from "./outlook.ts";
import { countsOf, type PlanView } from "./plan-scene.ts";
import { jsonText } from "./visible.ts";

/**
 * A plan for machines. The form is versioned: within `holdfast-plan/1` members are only ever added, never renamed, never given
 * another meaning. Lists are in a stated order, so that two plans can be compared line by line.
 */
export const PLAN_SCHEMA = "holdfast-plan/1";

const Count = z.int().min(0);

const Position = z.strictObject({ path: z.string(), line: z.int(), column: z.int() });

const Field = z.strictObject({
  path: z.string().describe("Dotted; list elements by their key: rules[daily].lifecycle.deleteAfterDays."),
  live: z.json().optional().describe("What AWS reports; absent where there is nothing."),
  desired: z.json().optional().describe("What the manifest says; absent where there should be nothing."),
  effect: z.enum(EFFECTS),
  on: z.enum(["in-place", "replace", "never"]).describe("How AWS lets the field change."),
  hazards: z.array(z.enum(HAZARDS)),
});

const ChangeJson = z.strictObject({
  id: z.string().describe("What an Approval names; the same for as long as the change is the same."),
  key: ResourceKey,
  subject: z.string().optional().describe("ARN of a governed resource."),
  action: z.enum(["create", "update", "replace", "adopt", "prune", "amend"]),
  effect: z.enum(EFFECTS),
  hazards: z.array(z.enum(HAZARDS)),
  restores: z.boolean().describe("It undoes what somebody did to a resource that the last report found in sync."),
  because: z.string().optional().describe("What a finding says of a governed resource."),
  finding: z
    .strictObject({
      policy: z.string(),
      cause: z.string().describe("What is wrong, in one word."),
      partition: z.string().describe("The vault it is in."),
      resource: z.string().describe("What the recovery point is of."),
      bytes: z.number(),
      step: z.string().optional().describe("What mending it does. Absent: nobody can mend it."),
    })
    .optional()
    .describe("Of a governed resource."),
  consent: z
    .strictObject({ approval: z.string(), ticket: z.string().optional() })
    .optional()
    .describe("The approval that it goes by."),
  manifest: Position.optional(),
  fields: z.array(Field),
});

const HoldJson = z.strictObject({
  key: ResourceKey,
  reason: z.enum(HOLD_REASONS).describe("The gravest that applies."),
  also: z.array(z.enum(HOLD_REASONS)),
  because: z.string(),
  release: z.string().describe("What would let it go."),
  change: ChangeJson.optional().describe("Absent where no change could be worked out."),
  manifest: Position.optional(),
});

/** What stands beyond the changes of one run. */
const OutlookJson = {
  announced: z
    .array(
      z.strictObject({
        change: z.string(),
        subject: z.string(),
        policy: z.string(),
        cause: z.string(),
        deleteOn: Instant.nullable().describe("The delete date that a shortening sets; null: a deletion."),
        notBefore: Instant.describe("The end of its grace, as far as it is known."),
        since: z
          .int()
          .optional()
          .describe("The report that began it. Absent: it is announced once a run carries this plan out."),
        paused: z.boolean().describe("Nobody can tell whether its cause still holds."),
      }),
    )
    .describe("Destructions that stand announced, by change id."),
  groups: z.array(GroupRow).describe("What may be approved together."),
  deletions: z
    .array(z.strictObject({ subject: z.string(), result: z.enum(DELETION_RESULTS), refusals: Count }))
    .describe("What became of deletions that earlier runs asked for."),
  tallies: z
    .array(
      z.strictObject({
        target: Target,
        partition: z.string(),
        policy: z.string(),
        cause: z.string(),
        points: Count,
        bytes: z.number(),
      }),
    )
    .describe("Points and bytes by what is wrong with them, whether or not there was room to list them."),
};

export const PlanJson = z.strictObject({
  schema: z.literal(PLAN_SCHEMA),
  digest: Digest.describe("Of the change ids in their waves and of the holds: equal for equal plans."),
  fleet: z.strictObject({
    name: z.string(),
    targets: z.array(Target),
    excluded: z.array(z.strictObject({ account: z.string(), reason: z.string(), manifest: z.string().optional() })),
  }),
  revision: z.strictObject({
    digest: Digest,
    commit: z.string().nullable(),
    dirty: z.boolean(),
    sequence: z.int().nullable(),
  }),
  summary: z
    .strictObject({
      create: Count,
      update: Count,
      replace: Count,
      adopt: Count,
      prune: Count,
      amend: Count,
      destroying: Count.describe("Of those to amend, the ones that delete what is stored, or let it go earlier."),
      held: Count,
      unknown: Count,
      inSync: Count,
      unmanaged: Count,
      deferred: Count,
    })
    .describe("`held` leaves out holds of unknown-state without a change: those are counted as `unknown`."),
  waves: z.array(z.array(ChangeJson)).describe("In the order of their application."),
  held: z.array(HoldJson).describe("Every hold, ordered by key."),
  unknown: z
    .array(
      z.strictObject({
        key: ResourceKey.describe("Name `*`: a whole listing."),
        failure: z.strictObject({
          kind: z.string(),
          operation: z.string(),
          message: z.string(),
          code: z.string().optional(),
          requestId: z.string().optional(),
        }),
        manifest: Position.optional(),
      }),
    )
    .describe("What could not be read, which is never taken for absent."),
  unmanaged: z
    .array(z.strictObject({ key: ResourceKey, id: z.string() }))
    .describe("Not ours, not wanted, not touched."),
  coverageEffect: CoverageEffect.optional().describe(
    "Who would gain and lose protection were all changes made, the held ones too. Absent: none touches selections or opt-ins.",
  ),
  misnamed: z
    .array(MisnamedRow)
    .optional()
    .describe(
      "Names found that are not as the Fleet has names; nothing is renamed. Absent: it has no rules of naming, or nothing could be read.",
    ),
  ...OutlookJson,
  warnings: z.array(Position.extend({ message: z.string(), hint: z.string().optional() })),
});
export type PlanJson = z.infer<typeof PlanJson>;

/** The plan as JSON text. What it holds is exact: misleading characters are escaped in JSON's own way. */
export const planJson = (view: PlanView): string => jsonText(planObject(view));

/** The plan as JSON holds it; values of fields enter through the schema, which is the proof that they are JSON. */
export function planObject({ plan, fleet, revision, warnings, coverageEffect, misnamed }: PlanView): PlanJson {
  const { digest, commit, dirty, sequence } = revision;
  return PlanJson.parse({
    schema: PLAN_SCHEMA,
    digest: plan.digest,
    fleet: { name: fleet.name, targets: fleet.targets, excluded: fleet.excluded },
    revision: { digest, commit, dirty, sequence },
    summary: countsOf(plan),
    waves: plan.waves.map((wave) => wave.map(changeJson)),
    held: plan.held.map(holdJson).toSorted(byKey),
    unknown: plan.drift.flatMap(unknownJson).toSorted(byKey),
    unmanaged: plan.drift
      .flatMap((drift) => (drift.type === "unmanaged" ? [{ key: drift.key, id: drift.live.id }] : []))
      .toSorted(byKey),
    ...(coverageEffect ? { coverageEffect } : {}),
    ...(misnamed ? { misnamed } : {}),
    ...outlookJson(plan),
    warnings: warnings.map(({ severity: _always, ...warning }) => warning),
  });
}

function outlookJson(plan: Plan) {
  const { groups, deletions, tallies } = outlookOfPlan(plan);
  const announced = plan.announcements.map((one) => ({
    change: one.change,
    subject: one.subject,
    policy: one.policy,
    cause: one.cause,
    deleteOn: one.deleteOn,
    notBefore: instant(graceEnds(one)),
    ...(one.since === undefined ? {} : { since: one.since }),
    paused: one.pausedOn !== undefined,
  }));
  return { announced, groups, deletions, tallies };
}

export const changeJson = (change: Change) => ({
  id: change.id,
  key: change.key,
  ...(change.action === "amend" ? { subject: change.finding.subject, because: change.finding.because } : {}),
  action: change.action,
  effect: change.effect,
  hazards: change.hazards,
  restores: change.restores,
  ...(change.action === "amend" ? { finding: findingJson(change.finding) } : {}),
  ...(change.consent ? { consent: consentJson(change.consent) } : {}),
  ...manifestJson(change.source),
  fields: change.fields.map(fieldJson),
});

const findingJson = ({ rule, cause, partition, of, bytes, mend }: Finding) => ({
  policy: rule.name,
  cause,
  partition,
  resource: of.resource,
  bytes,
  ...(mend ? { step: mend.step } : {}),
});

const consentJson = ({ approval, ticket }: Consent) => ({ approval, ...(ticket === undefined ? {} : { ticket }) });

const fieldJson = ({ path, live, desired, effect, on, hazards }: FieldDrift) => ({
  path,
  ...(live === undefined ? {} : { live: asJson(live) }),
  ...(desired === undefined ? {} : { desired: asJson(desired) }),
  effect,
  on,
  hazards,
});

/** Without members that are undefined: TypeScript has them, JSON does not. */
const asJson = (value: unknown): unknown => JSON.parse(canonical(value));

function holdJson({ change, drift, about, reason, also, because, release }: Hold) {
  const source = change?.source ?? about?.source ?? (drift && "desired" in drift ? drift.desired?.source : undefined);
  return {
    key: (change ?? drift ?? about)?.key,
    reason,
    also,
    because,
    release,
    ...(change ? { change: changeJson(change) } : {}),
    ...manifestJson(source),
  };
}

const unknownJson = (drift: Drift) =>
  drift.type === "unknown" ? [{ key: drift.key, failure: drift.failure, ...manifestJson(drift.desired?.source) }] : [];

const manifestJson = (source: Source | undefined) =>
  source ? { manifest: { path: source.path, line: source.line, column: source.column } } : {};

const byKey = (
  a: { readonly key?: ResourceKey | undefined },
  b: { readonly key?: ResourceKey | undefined },
): number => {
  const [x, y] = [a.key ? showKey(a.key) : "", b.key ? showKey(b.key) : ""];
  return x < y ? -1 : x > y ? 1 : 0;
};
