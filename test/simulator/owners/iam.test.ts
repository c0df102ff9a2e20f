import { GetRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, member, refusal, smallSimulator } from "../fixture.ts";
import { backupRole } from "./fixture.ts";

const linked = new GetRoleCommand({ RoleName: "AWSServiceRoleForBackup" });

describe("roles", () => {
  it("are told with their trust, percent-encoded, whatever the Region's endpoint", async () => {
    const simulator = smallSimulator();
    const arn = backupRole(simulator);
    const { iam } = clientsOf(simulator, { region: "eu-central-1" });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "backup" }));
    expect(Role).toMatchObject({ Arn: arn, Path: "/service-role/", RoleName: "backup", MaxSessionDuration: 3600 });
    expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B%22/);
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""))).toEqual(
      simulator.iam.role(arn)?.trust,
    );
  });

  it("that are not there are told with 404", async () => {
    const { iam } = clientsOf(smallSimulator());
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: "none" })))).toMatchObject({
      name: "NoSuchEntityException",
      status: 404,
    });
  });

  it("include AWS Backup's own where the account has it", async () => {
    const simulator = smallSimulator({ withoutServiceRole: [member] });
    const { Role } = await clientsOf(simulator).iam.send(linked);
    expect(Role?.Arn).toBe(`arn:aws:iam::${hub}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`);
    const credentials = simulator.iam.putUser(member, "alice");
    const other = clientsOf(simulator, { credentials }).iam;
    expect((await refusal(other.send(linked))).status).toBe(404);
  });

  it("are asked about on their own ARN", async () => {
    const simulator = smallSimulator();
    const Statement = [
      { Effect: "Allow" as const, Action: "iam:GetRole", Resource: "arn:aws:iam::*:role/aws-service-role/*" },
    ];
    const credentials = simulator.iam.putUser(hub, "alice", [{ Statement }]);
    const { iam } = clientsOf(simulator, { credentials });
    await iam.send(linked);
    expect((await refusal(iam.send(new GetRoleCommand({ RoleName: "backup" })))).status).toBe(403);
  });
});
