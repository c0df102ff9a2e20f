import pLimit from "p-limit";
import { runStep, type Call } from "../../aws/operation.ts";
import type { AwsFailure } from "../../domain/errors.ts";
import { partitionOf, sameTarget, type Target } from "../../domain/identity.ts";
import { ROLES, type Role } from "../../domain/outcome.ts";
import { subject, type Finding } from "../finding.ts";
import { crossAccountBackup } from "../opt-ins/read.ts";
import { judgeBackupsRole, judgeCrossAccount } from "../opt-ins/judge.ts";
import { crossAccountCopies } from "../opt-ins/wanted.ts";
import type { Bindings } from "../policies/compare.ts";
import type { Said } from "../policies/document.ts";
import { REVIEWED_MEMBERS } from "../policies/reviewed-members.ts";
import { judgeRole } from "../roles/judge.ts";
import { backupsOwnRole, memberRole } from "../roles/read.ts";
import { examineRegion, type Looked } from "./region.ts";

export interface Members extends Looked {
  readonly entrance: Entrance;
}

/** Who looks, and what is known of who should be let in. */
export interface Entrance {
  /** Whether the caller is the controller itself, whom members have to let in. */
  readonly asController: boolean;
  /** ARN of the controller's role; absent: not known here. */
  readonly controllerRole?: string;
  /** Whether workers of a large fleet enter too. */
  readonly durable: boolean;
  /** ARNs of roles that are let in to look, and nowhere else. */
  readonly readers: readonly string[];
}

/** The fleet's accounts and Regions: whether they can be entered at all, their roles, and what there is in each Region. In the order of the fleet. */
export async function examineMembers(members: Members): Promise<readonly Finding[]> {
  const { targets, guardrails } = members.desired.fleet;
  const byAccount = Map.groupBy(targets, ({ account }) => account);
  const limit = pLimit(guardrails.concurrency);
  const found = await Promise.all([...byAccount.values()].map((own) => limit(() => examineAccount(members, own))));
  const reached = found.find(({ reader }) => reader !== undefined);
  return [...(await examineOrganization(members, reached)), ...found.flatMap(({ findings }) => findings)];
}

interface Examined {
  readonly target: Target;
  readonly findings: readonly Finding[];
  /** Absent: the account could not be entered. */
  readonly reader?: Call;
}

async function examineAccount(members: Members, targets: readonly Target[]): Promise<Examined> {
  const [first] = targets;
  if (first === undefined) throw new RangeError("an account of the fleet has a Region at least");
  const reader = members.fleet.reader(first);
  const own = await runStep(backupsOwnRole, reader, first);
  if (!own.seen && own.failure.kind === "unreachable")
    return { target: first, findings: [notEntered(first, own.failure, members.entrance)] };
  const roles = members.desired.fleet.access.mode === "ambient" ? [] : ROLES;
  const judged = await Promise.all([
    ...roles.map((role) => examineRole(members, reader, first, role)),
    ...targets.map((target) => examineRegion(members, target)),
  ]);
  const entered = subject("account", first.account).ok("account.entered", "it can be entered");
  return { target: first, reader, findings: [entered, ...judgeBackupsRole(first.account, own), ...judged.flat()] };
}

function notEntered({ account }: Target, { message }: AwsFailure, { asController }: Entrance): Finding {
  const of = subject("account", account);
  if (asController)
    return of.wrong("account.entered", {
      says: `the controller cannot enter it: ${message}`,
      why: "nothing there is looked at or put right: reports call it unreachable",
      fix: "npx cdk deploy holdfast-member in that account, with hubAccount, externalId, organizationId and engine as in the hub",
    });
  return of.unknown("account.entered", {
    says: "it could not be entered by whoever runs this: members trust the controller and, to look, the setting readers",
    why: "its roles and settings were not looked at",
    fix: "have the controller look: holdfast doctor --function ARN_OF_ITS_ALIAS; or be one of the readers, in the hub and in holdfast-member",
  });
}

/** As the member stack sets it: a role that becomes another gets no more (IAM User Guide, "Role chaining"). */
const SESSION_SECONDS = 3600;

async function examineRole({ desired, entrance }: Members, reader: Call, target: Target, role: Role) {
  const { access, name: fleet } = desired.fleet;
  const called = access.roles[role];
  return judgeRole(await runStep(memberRole, reader, target, called), {
    called,
    place: target.account,
    policies: new Map([[role, REVIEWED_MEMBERS.role(role)]]),
    trust: trustOf(role, entrance),
    entrants: entrantsOf(role, entrance),
    boundedFor: SESSION_SECONDS,
    bindings: {
      "AWS::Partition": partitionOf(target.region),
      "AWS::AccountId": target.account,
      Fleet: fleet,
      RolePath: access.rolePath,
      ...knownOf(access.externalId, entrance),
    },
    deploy: "npx cdk deploy holdfast-member in that account, or the StackSet's next operation",
  });
}

function trustOf(role: Role, { durable, readers }: Entrance): readonly Said[] {
  const { trust } = REVIEWED_MEMBERS;
  const reviewed = durable && role !== "destroy" ? trust.durable : trust.inline;
  return role === "observe" ? reviewed.map((statement) => trusting(statement, readers)) : reviewed;
}

const entrantsOf = (role: Role, { durable, readers }: Entrance): string => {
  const carriers = durable && role !== "destroy" ? "the controller and its workers" : "the controller";
  return role === "observe" && readers.length > 0 ? `${carriers}, and to look ${readers.join(" and ")},` : carriers;
};

const trusting = (statement: Said, readers: readonly string[]): Said => {
  const named = statement.elements.get(PRINCIPAL) ?? [];
  return { ...statement, elements: new Map(statement.elements).set(PRINCIPAL, [...named, ...readers]) };
};

const PRINCIPAL = "Principal AWS";

const knownOf = (externalId: string | undefined, { controllerRole }: Entrance): Bindings => ({
  ...(externalId === undefined ? {} : { ExternalId: externalId }),
  ...(controllerRole === undefined ? {} : { ControllerRole: controllerRole, WorkerRole: workerRoleOf(controllerRole) }),
});

/** Beside the controller's, by its fixed name: members are deployed before anybody could tell them another. */
const workerRoleOf = (controllerRole: string): string => controllerRole.replace(/[^/]+$/, "holdfast-worker");

/** One account is asked for all: the switch is the organization's. */
async function examineOrganization(
  { desired, fleet }: Members,
  reached: Examined | undefined,
): Promise<readonly Finding[]> {
  const copies = crossAccountCopies(desired.resources, desired.rules);
  if (reached === undefined || copies.length === 0) return [];
  const { target } = reached;
  const within = desired.fleet.targets.find((one) => sameTarget(one, target)) ?? target;
  return judgeCrossAccount(await runStep(crossAccountBackup, fleet.reader(within), within), copies);
}
