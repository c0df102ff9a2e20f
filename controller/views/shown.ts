import type { FieldDrift, HoldReason } from "../domain/change.ts";
import type { Source } from "../domain/desired.ts";
import type { Effect, Hazard } from "../domain/effect.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { ResourceKey } from "../domain/identity.ts";

/** What plans and reports have in common when they are looked at: one vocabulary for every view, drawn from either. */

export type ShownField = Pick<FieldDrift, "path" | "effect" | "hazards"> &
  Partial<Pick<FieldDrift, "live" | "desired" | "on">>;

/** One resource and what is, was or would be done to it. Without an `action` there is only the resource. */
export interface Shown {
  readonly key: ResourceKey;
  /** A governed resource's own ARN: such resources are counted where they are many, for nobody named them one by one. */
  readonly subject?: string;
  readonly action?: string;
  /** What mending a finding does: `delete`, `shorten`, `lifecycle`, `tag`, `copy`. It is told in place of the action. */
  readonly step?: string;
  /** What a governed resource is of: a protected resource's ARN. */
  readonly of?: string;
  readonly effect?: Effect;
  readonly hazards: readonly Hazard[];
  readonly restores?: boolean;
  /** The change id that an approval would name. */
  readonly id?: string;
  readonly manifest?: Source;
  readonly fields: readonly ShownField[];
  /** What the finding says, one sentence. */
  readonly because?: string;
  readonly bytes?: number;
  /** The partition that a governed resource lives in: a vault's name. */
  readonly partition?: string;
  /** The approval that it goes by. */
  readonly consent?: { readonly approval: string; readonly ticket?: string };
  /** A report's part: what became of it. */
  readonly result?: { readonly word: string; readonly because?: string };
  /** A report's part: the calls made for it, each with its request id. */
  readonly calls?: readonly string[];
}

export interface ShownHold {
  readonly resource: Shown;
  readonly reason: HoldReason;
  readonly also: readonly HoldReason[];
  readonly because: string;
  readonly release: string;
}

/** Something that could not be read, or not be judged for want of reading. */
export interface ShownUnknown {
  readonly key: ResourceKey;
  readonly manifest?: Source;
  readonly failure: Pick<AwsFailure, "operation" | "message" | "code"> & { readonly kind: string };
  /** What would release it, where a manifest is held up by it. */
  readonly release?: string;
}

/** All there is to see, in the order it was decided in. */
export interface Scene {
  readonly changes: readonly Shown[];
  readonly held: readonly ShownHold[];
  readonly unknown: readonly ShownUnknown[];
}
