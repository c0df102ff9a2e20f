import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { LONGEST_RUN } from "../longest-run.ts";
import type { Bindings } from "../policy-document.ts";
import { WORKER_ROLE_NAME } from "../roles.ts";
import { DeployedFunction, type DeployedFunctionProps } from "./deployed-function.ts";
import { FunctionRole } from "./function-role.ts";
import { keptLogs } from "./kept-logs.ts";

export interface DurableEngineProps {
  /** The coordinator is made as the controller's own function is. */
  readonly coordinator: Omit<DeployedFunctionProps, "entry" | "description" | "logGroup" | "durable">;
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** What the policies of our roles leave open, but for each function's own log group. */
  readonly bindings: Bindings;
}

/** Days that an execution's history is kept for people who look into a run that failed: as long as its event waits in the failure queue. */
const HISTORY = Duration.days(14);

/**
 * What carries fleets that one invocation cannot see in time (design §9): a durable function that has shards carried by workers. Each is
 * reached by its alias alone, so that an execution under way stays with the version it began on.
 */
export class DurableEngine extends Construct {
  /** Qualified ARN: a durable function is started by no other. */
  readonly coordinator: string;
  readonly coordinatorName: string;
  readonly workerRole: string;
  private readonly carrying: Bindings;

  constructor(scope: Construct, id: string, props: DurableEngineProps) {
    super(scope, id);
    const { worker, role } = createWorker(this, props);
    const logGroup = keptLogs(this, "CoordinatorLogs");
    const coordinator = new DeployedFunction(this, "Coordinator", {
      ...props.coordinator,
      entry: "coordinator",
      description: "Holdfast: carries a run over a large fleet.",
      environment: { ...props.coordinator.environment, HOLDFAST_WORKER: worker.alias.functionArn },
      logGroup,
      durable: { executionTimeout: Duration.seconds(LONGEST_RUN.durable), retentionPeriod: HISTORY },
    });
    this.coordinator = coordinator.alias.functionArn;
    this.coordinatorName = coordinator.name;
    this.workerRole = role.arn;
    this.carrying = {
      Coordinator: this.coordinator,
      CoordinatorFunction: coordinator.arn,
      Worker: worker.alias.functionArn,
      LogGroup: logGroup.logGroupArn,
    };
  }

  /** Lets the role that controller and coordinator run as have runs carried. To a role that is not CDK's own, CDK gives no durable permissions. */
  permit(role: FunctionRole, bindings: Bindings): void {
    role.permit("CoordinatorPolicy", "coordinator", { ...bindings, ...this.carrying });
  }
}

function createWorker(scope: Construct, { coordinator, workerEnvironment, bindings }: DurableEngineProps) {
  const role = new FunctionRole(scope, "WorkerRole", {
    name: WORKER_ROLE_NAME,
    description: "Holdfast's workers: enter member accounts for one shard of a run, to read, change and retain.",
  });
  const logGroup = keptLogs(scope, "WorkerLogs");
  const permissions = role.permit("Policy", "worker", { ...bindings, LogGroup: logGroup.logGroupArn });
  const worker = new DeployedFunction(scope, "Worker", {
    bundle: coordinator.bundle,
    entry: "worker",
    description: "Holdfast: carries one shard of a run.",
    role: role.arn,
    permissions: [permissions],
    environment: workerEnvironment,
    layers: [],
    // As many at once as the coordinator has shards under way, which hears of every failure itself.
    logGroup,
  });
  return { worker, role };
}
