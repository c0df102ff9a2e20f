/**
 * What a pull request's workflow may do that shows what a change of manifests comes to: see the organization, look into members as their
 * `observe` role, and read reports. It writes nothing anywhere and signs nothing: whoever may open a pull request decides what it runs.
 */
import { enterMembers, HUB_BUCKETS, listBuckets, objectsOf, seeOrganization } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

const { evidence } = HUB_BUCKETS;

export const plannerPolicy = policyDocument([
  listBuckets([evidence]),
  {
    // What was announced, approved and in sync decides what a run would do now. The desired state is the pull request's own.
    Sid: "ReadEvidence",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [objectsOf(evidence)],
  },
  ...seeOrganization,
  ...enterMembers(["observe"]),
]);
