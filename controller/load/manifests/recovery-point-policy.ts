import * as z from "zod";
import { RecoveryPointRuleSpec, restsOnOwners } from "../../kinds/recovery-point/spec.ts";
import { recoveryPointLimits } from "../limits/recovery-point.ts";
import { placed, PlainName } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

/** Whose resources are is said in the Fleet, once. */
const { ownership: _fleets, ...shape } = RecoveryPointRuleSpec.shape;

export const RecoveryPointPolicySpec = z.strictObject({ ...placed, ...shape });
export type RecoveryPointPolicySpec = z.infer<typeof RecoveryPointPolicySpec>;

const about = ({ resourceTypes }: RecoveryPointPolicySpec["match"]) => (resourceTypes ? { resourceTypes } : {});

export const recoveryPointPolicy = defineManifest<RecoveryPointPolicySpec>({
  kind: "RecoveryPointPolicy",
  declares:
    "What becomes of recovery points that exist: how long they are kept, what is left behind, where copies must be.",
  name: PlainName,
  spec: RecoveryPointPolicySpec,
  limits: (_name, spec, setting) => recoveryPointLimits(spec, setting),
  parts: function* (name, spec, { ownership }) {
    const { match, retention, orphans, copies, encryption, tags, tagsFromResource, placement } = spec;
    const asked = { match, retention, orphans, copies, encryption, tags, tagsFromResource, placement };
    const rule = restsOnOwners(asked) ? { ...asked, ownership } : asked;
    yield { kind: "recovery-point", name, path: [], want: "rule", spec: rule, ...about(match) };
  },
  smallest: `apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: five-weeks }
spec:
  targets: { groups: [everywhere] }
  match: {}
  retention: { atLeastDays: 35 }
`,
});
