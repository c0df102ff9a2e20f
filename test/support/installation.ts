/** Holdfast as it is installed: the reviewed templates, deployed to an organization on the simulator, and who may work with what came of it. */
import type { PolicyDocument } from "../simulator/iam/policy.ts";
import { addServiceRoles } from "../simulator/seed/roles.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { install, type Deployment, type Installed } from "./installed.ts";
import { goldenTemplate } from "./template.ts";

/** What scripts/generate/templates.ts makes the goldens for. */
export const INSTALLED = {
  hub: "111122223333",
  organizationId: "o-exampleorgid",
  signingKey: "alias/holdfast-evidence",
  secondSigningKey: "alias/holdfast-evidence-second",
  retention: { mode: "GOVERNANCE", days: 2557 },
} as const;

/** Keys of somebody's own, as the SDK takes them. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Whoever has an administrator's keys in the hub's account; members trust the controller, and not them. */
export const ADMINISTRATOR: SessionKeys = { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" };

/** Functions that run as the controller, by what begins the logical ids of theirs and their aliases'. */
const WITHIN = { controller: "Controller", coordinator: "EngineCoordinator", events: "Events" } as const;
export type Within = keyof typeof WITHIN;

export interface Installation {
  readonly hub: Installed;
  /** As the functions in the hub account run that have the controller's role: from within that one, or the scheduled one, which carries all where no coordinator is deployed. */
  readonly controller: (within?: Within) => SessionKeys;
  /** As the function in the hub account that carries shards of durable runs. */
  readonly worker: () => SessionKeys;
  /** As a pipeline that publishes desired state. */
  readonly publisher: () => SessionKeys;
  /** As somebody who reads reports, and nothing else. */
  readonly auditor: () => SessionKeys;
}

/**
 * The hub's stack where it is said, and the members' stack in every account: IAM is global, so that one Region is enough. `archive`: the
 * account that keeps the evidence, which the durable functions then write to from the hub's.
 */
export function installHoldfast(simulator: Simulator, deployment: Deployment, archive?: string): Installation {
  const { account, region } = deployment;
  const archived = archive !== undefined;
  addServiceRoles(simulator);
  if (archived) install(simulator, goldenTemplate("evidence"), { account: archive, region });
  const hub = install(simulator, goldenTemplate(archived ? "hub-archived" : "hub"), deployment);
  for (const id of simulator.organization.accounts.keys())
    install(simulator, goldenTemplate(archived ? "member-durable" : "member"), { account: id, region });
  addPeople(simulator, deployment);
  const session = (name: string, within: { readonly sourceFunction?: string } = {}): SessionKeys => {
    const role = simulator.iam.role(`arn:aws:iam::${account}:role/${name}`);
    if (role === undefined) throw new RangeError(`the hub has no role ${name}`);
    // Lambda and runners renew what they are given, before it ends.
    return simulator.iam.issueSession({ role, name, sourceIdentity: undefined, expires: NEVER, ...within });
  };
  const sessionOf = (name: string) => () => session(name);
  return {
    hub,
    controller: (within = "controller") => {
      const deployed = within === "coordinator" && !archived ? "controller" : within;
      const { FunctionName } = hub.properties("AWS::Lambda::Alias", WITHIN[deployed]);
      const sourceFunction = `arn:aws:lambda:${region}:${account}:function:${String(FunctionName)}`;
      return session("holdfast-controller", { sourceFunction });
    },
    worker: sessionOf("holdfast-worker"),
    publisher: sessionOf("holdfast-publisher"),
    auditor: sessionOf("auditor"),
  };
}

const NEVER = new Date("9999-01-01T00:00:00Z");

/** Roles that are not Holdfast's to make: whoever publishes has what the bucket's and the key's policies give, an auditor what infra/README.md says. */
function addPeople({ iam }: Simulator, { account, buckets = {} }: Deployment): void {
  iam.putRole(account, { name: "holdfast-publisher", trust: IN_ACCOUNT(account) });
  const evidence = `arn:aws:s3:::${buckets["Evidence"] ?? "*"}`;
  const Action = ["s3:GetObject", "s3:ListBucket", "s3:ListBucketVersions"];
  iam.putRole(account, {
    name: "auditor",
    trust: IN_ACCOUNT(account),
    policies: [{ Statement: { Effect: "Allow", Action, Resource: [evidence, `${evidence}/*`] } }],
  });
}

const IN_ACCOUNT = (account: string): PolicyDocument => ({
  Statement: { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" },
});
