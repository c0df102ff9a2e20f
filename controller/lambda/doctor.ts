import type { Finding } from "../doctor/finding.ts";
import { desiredOf, examineFleet } from "../doctor/members/fleet.ts";
import { lookInto } from "../doctor/fact.ts";
import { answerKey, encodeAnswer, isAnswerId } from "../doctor/members/answer.ts";
import type { Log, ObjectStore } from "../ports.ts";
import { readSettings } from "../settings.ts";
import { openInstallation } from "../world.ts";
import type { Surroundings } from "../world/ground.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the event `{"doctor": …}` asks: `true` for an answer to the invocation, an id for one in the work store besides. */
export type Asked = true | string;

export interface DoctorAnswer {
  readonly doctor: readonly Finding[];
}

/** The controller looks at its members, whom nobody else can enter. No lease, no report, and no write but the answer. */
export async function doctorInside(
  asked: Asked,
  environment: Environment,
  { log, ...surroundings }: Surroundings & { readonly log: Log },
): Promise<DoctorAnswer> {
  const installation = await openInstallation(readSettings({}, environment), { log, ...surroundings });
  const findings = await examineFleet(installation, await lookInto(() => desiredOf(installation)), {
    role: await ownRole(installation),
    settings: held(environment),
  });
  if (asked !== true && isAnswerId(asked)) await keep(installation.work, asked, findings);
  log("doctor-concluded", { checks: findings.length, notWell: findings.filter(({ health }) => health !== "ok") });
  return { doctor: findings };
}

const keep = (work: ObjectStore, id: string, findings: readonly Finding[]) =>
  work.put(answerKey(id), encodeAnswer(findings), {
    condition: { ifAbsent: true },
    contentType: "application/json",
  });

/** ARN of the role that this function runs as: it has no path. */
async function ownRole({ organization }: Awaited<ReturnType<typeof openInstallation>>): Promise<string> {
  const { arn } = await organization.caller();
  return arn.replace(/^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, "$1:iam::$2:role/$3");
}

const held = (environment: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
