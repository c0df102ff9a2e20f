import type { Report } from "../../controller/domain/report.ts";
import type { BackupState } from "../simulator/backup/state.ts";
import type { Call } from "../simulator/calls.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Universe } from "../support/universe.ts";
import { reportsIn } from "./evidence.ts";
import { callCount, mutationsIn } from "./runs.ts";
import { footprint, membersOf } from "./footprint.ts";

/** Where a controller dies: at its n-th call, counted from 1, before it is carried out or after it and before the answer. */
export interface Kill {
  readonly at: number;
  readonly when: "before" | "after";
}

/** What a dead run did, as AWS logged it. */
export interface Dead {
  readonly run: string | undefined;
  /** Calls that changed something. */
  readonly done: readonly Call[];
  /** What plans and selections were called while it lived, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** A lease runs out in two minutes and may be taken over a minute later (rule 22). */
export const UNTIL_FREE_MS = 3 * 60_000 + 1_000;

/** Lets a fresh controller run and die. Undefined: it was through before it came to that. A dead one's promise never settles. */
export async function runAndDie(u: Universe, { at, when }: Kill): Promise<Dead | undefined> {
  const from = callCount(u);
  const names = namesIn(u.simulator);
  const connection = u.simulator.connect();
  const controller = await u.controller(connection);
  connection.killAt(at, when);
  const ended = await Promise.race([
    controller.run().then(
      () => "through",
      (error: unknown) => {
        throw new Error("the run failed before it could be killed", { cause: error });
      },
    ),
    connection.killed.then(() => "dead"),
  ]);
  if (ended === "through") return undefined;
  const calls = mutationsIn(u.simulator.calls.since(from));
  u.simulator.clock.advance(UNTIL_FREE_MS);
  return {
    run: calls.find(({ sourceIdentity }) => sourceIdentity !== undefined)?.sourceIdentity,
    done: calls.filter(({ outcome }) => outcome === "ok"),
    names: new Map([...names, ...namesIn(u.simulator)]),
  };
}

/** Runs until the world is as wanted, three times at most. */
export async function runUntil(u: Universe, wanted: string): Promise<string> {
  let left = "";
  for (let run = 0; run < 3; run++) {
    await u.run();
    left = footprint(u.simulator);
    if (left === wanted) break;
  }
  return left;
}

/** What no report tells of a dead run, and what one tells that is not so. */
export function untold(simulator: Simulator, { run, done, names }: Dead): readonly string[] {
  const reports = reportsIn(simulator);
  const rows = reports.flatMap(({ recovered }) => recovered.filter((row) => row.run === run));
  const actions = new Set(reports.flatMap((report) => report.actions.map(({ requestId }) => requestId)));
  const missing = done.filter(
    (call) => !actions.has(call.requestId) && !rows.some((row) => showKeyOf(row) === subjectOf(call, names)),
  );
  return [
    ...missing.map((call) => `nobody tells of ${call.operation} on ${subjectOf(call, names)}`),
    ...rows.flatMap((row) => {
      const calls = done.filter((call) => showKeyOf(row) === subjectOf(call, names));
      if (row.result === "not-applied" && calls.length > 0)
        return [`${showKeyOf(row)} was changed, and said not to be`];
      if (row.result.startsWith("applied") && calls.length === 0)
        return [`${showKeyOf(row)} was not changed, and said to be`];
      return [];
    }),
  ];
}

type Row = Report["recovered"][number];
const showKeyOf = ({ key: { target, kind, name } }: Row): string =>
  `${target.account}/${target.region}/${kind}/${name}`;

/** What a write is about, in the report's own names for things. */
function subjectOf({ operation, account, region, input }: Call, names: ReadonlyMap<string, string>): string {
  const at = `${account}/${region}`;
  const vault = String(input["BackupVaultName"]);
  const plan = (id: unknown) => names.get(String(id)) ?? String(id);
  switch (operation) {
    case "CreateBackupVault":
    case "DeleteBackupVault":
      return `${at}/vault/${vault}`;
    case "PutBackupVaultLockConfiguration":
    case "DeleteBackupVaultLockConfiguration":
      return `${at}/vault-lock/${vault}`;
    case "PutBackupVaultAccessPolicy":
    case "DeleteBackupVaultAccessPolicy":
      return `${at}/vault-policy/${vault}`;
    case "PutBackupVaultNotifications":
    case "DeleteBackupVaultNotifications":
      return `${at}/vault-notifications/${vault}`;
    case "CreateBackupPlan":
      return `${at}/plan/${(input["BackupPlan"] as { readonly BackupPlanName: string }).BackupPlanName}`;
    case "UpdateBackupPlan":
    case "DeleteBackupPlan":
      return `${at}/plan/${plan(input["BackupPlanId"])}`;
    case "CreateBackupSelection": {
      const { SelectionName } = input["BackupSelection"] as { readonly SelectionName: string };
      return `${at}/selection/${plan(input["BackupPlanId"])}/${SelectionName.replace(SUCCESSOR, "")}`;
    }
    case "DeleteBackupSelection":
      return `${at}/selection/${plan(input["BackupPlanId"])}/${names.get(String(input["SelectionId"]))}`;
    case "UpdateRecoveryPointLifecycle":
    case "DeleteRecoveryPoint":
    case "StartCopyJob":
      return `${at}/recovery-point/${String(input["RecoveryPointArn"])}`;
    case "TagResource": {
      const arn = String(input["ResourceArn"]);
      const [kind, name] = arn.split(":").slice(5);
      if (kind === "recovery-point") return `${at}/recovery-point/${arn}`;
      return kind === "backup-vault" ? `${at}/vault/${name}` : `${at}/plan/${plan(name)}`;
    }
    default:
      throw new RangeError(`no law knows what ${operation} is about`);
  }
}

const SUCCESSOR = /\.g\d+$/;

export function namesIn(simulator: Simulator): ReadonlyMap<string, string> {
  const states = membersOf(simulator).flatMap((account) =>
    simulator.regions.map((region) => simulator.backup(account, region)),
  );
  return new Map(states.flatMap(namesOf));
}

const namesOf = ({ plans }: BackupState): readonly (readonly [string, string])[] =>
  [...plans.values()].flatMap(({ id, versions, selections }) => [
    [id, versions.at(-1)?.document.BackupPlanName ?? ""] as const,
    ...[...selections].map((one) => [one.id, (one.content.SelectionName ?? "").replace(SUCCESSOR, "")] as const),
  ]);
