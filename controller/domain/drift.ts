import type { Desired, Wanted } from "./desired.ts";
import type { FieldDrift } from "./change.ts";
import type { AwsFailure } from "./errors.ts";
import type { ResourceKey } from "./identity.ts";
import type { Live } from "./live.ts";

/** A fact: how one desired and one live resource stand to each other. */
export type Drift =
  /** `digest`: SHA-256 of the spec's normal form; absent where the manifest wants the resource absent, as it is. */
  | {
      readonly type: "in-sync";
      readonly key: ResourceKey;
      readonly desired: Desired;
      readonly live?: Live;
      readonly digest?: string;
    }
  | { readonly type: "missing"; readonly key: ResourceKey; readonly desired: Wanted }
  | {
      readonly type: "different";
      readonly key: ResourceKey;
      readonly desired: Wanted;
      readonly live: Live;
      readonly fields: readonly FieldDrift[];
      /** SHA-256 of both normal forms. */
      readonly digests: { readonly desired: string; readonly observed: string };
    }
  /** Wanted, there, not ours yet. */
  | {
      readonly type: "unadopted";
      readonly key: ResourceKey;
      readonly desired: Wanted;
      readonly live: Live;
      readonly fields: readonly FieldDrift[];
    }
  /** Wanted, there, and somebody else's: another fleet's, an organization's, AWS's own. */
  | { readonly type: "foreign"; readonly key: ResourceKey; readonly desired: Desired; readonly live: Live }
  /** Several answer to one name. */
  | {
      readonly type: "ambiguous";
      readonly key: ResourceKey;
      readonly desired: Wanted;
      readonly candidates: readonly Live[];
    }
  /** Ours, and no longer wanted; or declared absent. */
  | { readonly type: "surplus"; readonly key: ResourceKey; readonly live: Live; readonly desired?: Desired }
  /** Ours, and its successor is in place: what a replacement cut short left behind. */
  | {
      readonly type: "superseded";
      readonly key: ResourceKey;
      readonly desired: Wanted;
      readonly live: Live;
      readonly by: Live;
    }
  /** Not ours, not wanted: reported, never touched. */
  | { readonly type: "unmanaged"; readonly key: ResourceKey; readonly live: Live }
  /** Could not look: never merged with absent. */
  | { readonly type: "unknown"; readonly key: ResourceKey; readonly desired?: Desired; readonly failure: AwsFailure };
