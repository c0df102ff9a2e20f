import * as z from "zod";
import { ProtectedResourceRuleSpec } from "../../kinds/protected-resource/spec.ts";
import { coverageLimits } from "../limits/coverage.ts";
import { placed, PlainName } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

/** Which tags name an owner the Fleet says, for every policy alike. */
const { ownerTags: _fleets, ...shape } = ProtectedResourceRuleSpec.shape;

export const CoveragePolicySpec = z.strictObject({ ...placed, ...shape });
export type CoveragePolicySpec = z.infer<typeof CoveragePolicySpec>;

export const coveragePolicy = defineManifest<CoveragePolicySpec>({
  kind: "CoveragePolicy",
  declares:
    "Which resources must be protected, and how well: how old their newest recovery point may be, where copies must lie.",
  name: PlainName,
  spec: CoveragePolicySpec,
  limits: (_name, spec) => coverageLimits(spec),
  parts: function* (name, { match, rpo, copies, immutable, overlaps, remedy }, { ownership }) {
    const asked = { match, rpo, copies, immutable, overlaps, remedy };
    const spec = ownership ? { ...asked, ownerTags: ownership.tags } : asked;
    const { resourceTypes } = match;
    yield {
      kind: "protected-resource",
      name,
      path: [],
      want: "rule",
      spec,
      ...(resourceTypes ? { resourceTypes } : {}),
    };
  },
  smallest: `apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec:
  targets: { groups: [everywhere] }
  match: { tags: { all: { env: production } } }
  rpo: 24h
`,
});
