/* oxlint-disable no-new -- a construct joins its scope by being made */
import type { App } from "aws-cdk-lib";
import { boundedBy } from "./boundary.ts";
import { EvidenceStack } from "./evidence-stack.ts";
import { HubStack } from "./hub-stack.ts";
import { MemberEventsStack } from "./member-events-stack.ts";
import { MemberStack } from "./member-stack.ts";
import type { Settings } from "./settings.ts";
import { StackSetStack } from "./stack-set-stack.ts";

/** Every stack that the settings ask for. Each is deployed to an account of its own, and refers to no other. */
export function createStacks(app: App, settings: Settings, bundle: string): void {
  const bounded = boundedBy(settings);
  const { eventBus: bus, evidence, stackSet } = settings;
  new HubStack(app, "holdfast-hub", { settings, bundle, ...bounded });
  if (evidence.account !== undefined) new EvidenceStack(app, "holdfast-evidence", { settings });
  new MemberStack(app, "holdfast-member", { settings });
  if (bus !== undefined) new MemberEventsStack(app, "holdfast-member-events", { bus, ...bounded });
  if (stackSet !== undefined) new StackSetStack(app, "holdfast-stackset", { settings });
}
