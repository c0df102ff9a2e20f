import * as z from "zod";
import { RecoveryPointRuleSpec } from "../../kinds/recovery-point/spec.ts";
import { recoveryPointLimits } from "../limits/recovery-point.ts";
import { placed, PlainName } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

export const RecoveryPointPolicySpec = z.strictObject({ ...placed, ...RecoveryPointRuleSpec.shape });
export type RecoveryPointPolicySpec = z.infer<typeof RecoveryPointPolicySpec>;

export const recoveryPointPolicy = defineManifest<RecoveryPointPolicySpec>({
  kind: "RecoveryPointPolicy",
  declares: "How long recovery points that exist already must be kept, and may be.",
  name: PlainName,
  spec: RecoveryPointPolicySpec,
  limits: (_name, spec) => recoveryPointLimits(spec),
  parts: function* (name, { match, retention }) {
    yield { kind: "recovery-point", name, path: [], want: "rule", spec: { match, retention } };
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
