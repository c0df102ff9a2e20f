import { Aws } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { WorkflowRole } from "../constructs/workflow-role.ts";
import { type GitHubSettings, planningSubject, publishingSubject } from "../github-settings.ts";
import type { Settings } from "../settings.ts";
import { PLANNER_ROLE_NAME, PUBLISHER_ROLE_NAME } from "../roles.ts";
import type { Keys } from "./keys.ts";
import type { Stores } from "./stores.ts";

/** The roles of a repository's workflows. The sync key and buckets name the publisher in their policies, so that rights come after. */
export function createWorkflows(scope: Construct, github: GitHubSettings) {
  const publisher = new WorkflowRole(scope, "Publisher", {
    name: PUBLISHER_ROLE_NAME,
    description: "Holdfast: publishes desired state and signs it, as a workflow on GitHub.",
    sid: "PublishAsWorkflow",
    subject: publishingSubject(github),
    provider: github.provider,
  });
  const planner = github.plan
    ? new WorkflowRole(scope, "Planner", {
        name: PLANNER_ROLE_NAME,
        description: "Holdfast: shows what a pull request on GitHub would change. Reads, and no more.",
        sid: "PlanAsPullRequest",
        subject: planningSubject(github),
        provider: publisher,
      })
    : undefined;
  return { publisher, planner };
}
export type Workflows = ReturnType<typeof createWorkflows>;

/** What each may do, in the hub and from it. */
export function permitWorkflows(
  { publisher, planner }: Workflows,
  { settings, stores, keys }: { readonly settings: Settings; readonly stores: Stores; readonly keys: Keys },
): void {
  publisher.permit("publisher", { DesiredBucket: stores.desired.arn, SyncKey: keys.sync.arn });
  planner?.permit("planner", {
    "AWS::Partition": Aws.PARTITION,
    EvidenceBucket: stores.evidence.arn,
    ExternalId: settings.externalId,
    OrganizationId: settings.organizationId,
    RolePath: settings.rolePath,
  });
}
