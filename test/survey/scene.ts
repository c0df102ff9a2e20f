import type { LeftOff, Survey } from "../../controller/domain/survey.ts";
import { survey } from "../../controller/survey/survey.ts";
import { here, MEMBER, REGION, world } from "../aws/world.ts";
import { addVault } from "../simulator/backup/build.ts";

const HOUR_MS = 3_600_000;

export const volume = (id: string): string => `arn:aws:ec2:${REGION}:${MEMBER}:volume/${id}`;

/** A member with a vault `main`, a role for AWS Backup, volumes, and a survey of all of it. */
export function scene() {
  const { simulator, time, fleet } = world();
  const state = simulator.backup(MEMBER, REGION);
  addVault(state, { name: "main" });
  const role = simulator.iam.putRole(MEMBER, {
    name: "backup",
    trust: { Statement: { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" } },
  }).arn;
  const person = simulator.operator(MEMBER, REGION);
  const addVolume = (id: string, tags: Readonly<Record<string, string>> = {}): string =>
    simulator.addResource(MEMBER, REGION, { arn: volume(id), type: "EBS", tags }).arn;
  return {
    simulator,
    state,
    person,
    role,
    time,
    fleet,
    addVolume,
    /** A backup job on demand; over within the hour. */
    backUp: (arn: string, IamRoleArn = role): string => {
      const started = person("backup", "StartBackupJob", { BackupVaultName: "main", ResourceArn: arn, IamRoleArn });
      return (started as { readonly BackupJobId: string }).BackupJobId;
    },
    pass: (hours: number) => time.pass(hours * HOUR_MS),
    look: (last?: LeftOff): Promise<Survey> =>
      time.until(survey([here], { clock: time.clock, fleet, concurrency: 4, last })),
  };
}
