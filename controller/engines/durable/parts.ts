import type { Asked } from "../../attest/report/record.ts";
import type { Target } from "../../domain/identity.ts";
import type { GovernedResult } from "../../domain/inventory.ts";
import type { Attachment } from "../../domain/report.ts";
import type { Glimpse } from "../../observe/observe.ts";
import type { PartResult } from "../../stages/wave-part.ts";
import type { TargetSurvey } from "../../survey/survey.ts";

/** What a worker leaves of a shard: all that it and those before it came to, and what they asked for it. */
export interface Left {
  readonly asked: Asked;
}

/** Of a look: each target that was come to. */
export interface LookedAt<Seen> extends Left {
  readonly seen: readonly { readonly target: Target; readonly seen: Seen }[];
  readonly attachments: readonly Attachment[];
}

/** Of a wave. */
export type Applied = Left & PartResult;

/** What each task leaves. */
export interface Parts {
  readonly declared: LookedAt<Glimpse>;
  readonly governed: LookedAt<readonly GovernedResult[]>;
  readonly survey: LookedAt<TargetSurvey>;
  readonly apply: Applied;
}
