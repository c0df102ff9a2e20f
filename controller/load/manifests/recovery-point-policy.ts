import * as z from "zod";
import { RecoveryPointRuleSpec } from "../../kinds/recovery-point/spec.ts";
import { recoveryPointLimits } from "../limits/recovery-point.ts";
import { placed, PlainName } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

export const RecoveryPointPolicySpec = z.strictObject({ ...placed, ...RecoveryPointRuleSpec.shape });
export type RecoveryPointPolicySpec = z.infer<typeof RecoveryPointPolicySpec>;

const about = ({ resourceTypes }: RecoveryPointPolicySpec["match"]) => (resourceTypes ? { resourceTypes } : {});

export const recoveryPointPolicy = defineManifest<RecoveryPointPolicySpec>({
  kind: "RecoveryPointPolicy",
  declares:
    "What becomes of recovery points that exist: how long they are kept, what is left behind, where copies must be.",
  name: PlainName,
  spec: RecoveryPointPolicySpec,
  limits: (_name, spec, setting) => recoveryPointLimits(spec, setting),
  parts: function* (name, { match, retention, orphans, copies, encryption, tags, placement }) {
    const spec = { match, retention, orphans, copies, encryption, tags, placement };
    yield { kind: "recovery-point", name, path: [], want: "rule", spec, ...about(match) };
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
