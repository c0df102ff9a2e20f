import {
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DeleteBackupVaultCommand,
  ListBackupVaultsCommand,
  PutBackupVaultLockConfigurationCommand,
  TagResourceCommand,
  type BackupClient,
} from "@aws-sdk/client-backup";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, keyFrom, refusal, region, smallSimulator } from "./fixture.ts";
import type { PolicyDocument, Statement } from "./iam/policy.ts";
import type { Simulator } from "./simulator.ts";

const vaultArn = `arn:aws:backup:${region}:${hub}:backup-vault:main`;

function allow(Action: string | readonly string[], over: Partial<Statement> = {}): Statement {
  return { Effect: "Allow", Action, Resource: "*", ...over };
}

function as(simulator: Simulator, ...Statement: readonly Statement[]): BackupClient {
  const policy: PolicyDocument = { Version: "2012-10-17", Statement };
  return clientsOf(simulator, { credentials: simulator.iam.putUser(hub, "alice", [policy]) }).backup;
}

const createVault = new CreateBackupVaultCommand({ BackupVaultName: "main", BackupVaultTags: { owner: "platform" } });
const everything = ["backup:CreateBackupVault", "backup:TagResource", "backup-storage:MountCapsule"];

describe("permissions of AWS Backup calls", () => {
  it("are asked of roles and users with policies, in AWS's words", async () => {
    const refused = await refusal(as(smallSimulator(), allow("backup:Get*")).send(new ListBackupVaultsCommand({})));
    expect(refused).toEqual({
      name: "AccessDeniedException",
      status: 403,
      message: `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: backup:ListBackupVaults because no identity-based policy allows the backup:ListBackupVaults action`,
    });
  });

  it.each(everything)("include %s for a vault created with tags", async (missing) => {
    const without = everything.filter((action) => action !== missing);
    expect((await refusal(as(smallSimulator(), allow(without)).send(createVault))).message).toContain(missing);
    await as(smallSimulator(), allow(everything)).send(createVault);
  });

  it("include the use of a customer's key", async () => {
    const simulator = smallSimulator();
    const key = simulator.addKey(hub, region, { alias: "alias/backup" });
    const create = new CreateBackupVaultCommand({ BackupVaultName: "main", EncryptionKeyArn: key.arn });
    expect((await refusal(as(simulator, allow(everything)).send(create))).message).toContain("kms:CreateGrant");
    const use = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant", "kms:Decrypt", "kms:GenerateDataKey"];
    await as(simulator, allow([...everything, ...use])).send(create);
  });

  it("are judged on the ARN that is acted upon", async () => {
    const simulator = smallSimulator();
    await clientsOf(simulator).backup.send(createVault);
    const other = as(simulator, allow("backup:DeleteBackupVault", { Resource: vaultArn.replace("main", "other") }));
    expect((await refusal(other.send(new DeleteBackupVaultCommand({ BackupVaultName: "main" })))).message).toContain(
      vaultArn,
    );
    await as(simulator, allow("backup:DeleteBackupVault", { Resource: vaultArn })).send(
      new DeleteBackupVaultCommand({ BackupVaultName: "main" }),
    );
  });

  it("know the tags of what is acted upon, and those asked for", async () => {
    const simulator = smallSimulator();
    await clientsOf(simulator).backup.send(createVault);
    const tag = (Tags: Record<string, string>) => new TagResourceCommand({ ResourceArn: vaultArn, Tags });
    const owner = (value: string) =>
      as(
        simulator,
        allow("backup:TagResource", {
          Condition: {
            StringEquals: { "aws:ResourceTag/owner": value },
            "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
          },
        }),
      );
    await owner("platform").send(tag({ a: "1" }));
    expect((await refusal(owner("platform").send(tag({ b: "1" })))).name).toBe("AccessDeniedException");
    expect((await refusal(owner("others").send(tag({ a: "1" })))).name).toBe("AccessDeniedException");
  });

  it("stop a compliance lock by the key that only it carries", async () => {
    const simulator = smallSimulator();
    await clientsOf(simulator).backup.send(createVault);
    const backup = as(simulator, allow("backup:*"), {
      Effect: "Deny",
      Action: "backup:PutBackupVaultLockConfiguration",
      Resource: "*",
      Condition: { Null: { "backup:ChangeableForDays": "false" } },
    });
    const lock = { BackupVaultName: "main", MinRetentionDays: 7 };
    await backup.send(new PutBackupVaultLockConfigurationCommand(lock));
    const compliance = new PutBackupVaultLockConfigurationCommand({ ...lock, ChangeableForDays: 14 });
    expect((await refusal(backup.send(compliance))).message).toContain("explicit deny");
  });

  it("are told in the call log, so that grants nobody needed can be found", async () => {
    const simulator = smallSimulator();
    await clientsOf(simulator).backup.send(createVault);
    expect(simulator.calls.all()).toMatchObject([
      { permissions: ["backup:CreateBackupVault", "backup:TagResource", "backup-storage:MountCapsule"] },
    ]);
  });

  it("stop at a policy the simulator cannot judge, and keep the problem", async () => {
    const simulator = smallSimulator();
    const strange = allow("backup:*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
    const call = as(simulator, strange).send(new ListBackupVaultsCommand({}));
    await expect(call).rejects.toMatchObject({ name: "UnsupportedPolicyError" });
    expect(simulator.problems).toHaveLength(1);
  });

  it("include passing the role of a selection", async () => {
    const simulator = smallSimulator();
    const trust = {
      Statement: { Effect: "Allow" as const, Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
    };
    const role = simulator.iam.putRole(hub, { name: "backup", trust });
    const Rules = [{ RuleName: "daily", TargetBackupVaultName: "main" }];
    const administrator = clientsOf(simulator).backup;
    const plan = await administrator.send(
      new CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: "nightly", Rules } }),
    );
    const select = new CreateBackupSelectionCommand({
      BackupPlanId: plan.BackupPlanId,
      BackupSelection: { SelectionName: "all", IamRoleArn: role.arn, Resources: ["*"] },
    });
    const selecting = allow("backup:CreateBackupSelection");
    expect((await refusal(as(simulator, selecting).send(select))).message).toContain("iam:PassRole");
    const passing = allow("iam:PassRole", {
      Condition: { StringEquals: { "iam:PassedToService": "backup.amazonaws.com" } },
    });
    expect((await as(simulator, selecting, passing).send(select)).SelectionId).toBeDefined();
  });

  it("end where a role's permissions boundary does, whatever its policies and the resource's allow", async () => {
    const simulator = smallSimulator();
    const trust = { Statement: allow("sts:AssumeRole", { Principal: { AWS: hub } }) };
    const boundary = { Statement: [allow("backup:Get*")] };
    const role = simulator.iam.putRole(hub, { name: "bounded", trust, policies: "administrator", boundary });
    const enter = new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "me" });
    const { Credentials } = await clientsOf(simulator).sts.send(enter);
    const { backup, s3 } = clientsOf(simulator, { credentials: keyFrom(Credentials) });
    expect((await refusal(backup.send(new ListBackupVaultsCommand({})))).name).toBe("AccessDeniedException");
    const bucket = simulator.addBucket({ account: hub, region, name: "open" });
    bucket.policy = { Statement: [allow("s3:*", { Principal: { AWS: role.arn } })] };
    expect((await refusal(s3.send(new ListObjectsV2Command({ Bucket: "open" })))).status).toBe(403);
  });
});
