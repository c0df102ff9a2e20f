import { AssumeRoleCommand, GetCallerIdentityCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, keyFrom, member, refusal, smallSimulator, stranger } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";

const administrator = `arn:aws:iam::${hub}:user/administrator`;

/** A role in the member account that trusts the hub's administrator, with an external id and the organization. */
function withRole(maxSessionSeconds = 3600): Simulator {
  const simulator = smallSimulator();
  simulator.iam.putRole(member, {
    name: "holdfast-observe",
    maxSessionSeconds,
    trust: {
      Statement: {
        Effect: "Allow",
        Principal: { AWS: administrator },
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
        Condition: { StringEquals: { "sts:ExternalId": "fleet", "aws:PrincipalOrgID": simulator.organization.id } },
      },
    },
    policies: [{ Statement: { Effect: "Allow", Action: ["backup:List*", "sts:AssumeRole"], Resource: "*" } }],
  });
  return simulator;
}

const RoleArn = `arn:aws:iam::${member}:role/holdfast-observe`;
const request = { RoleArn, RoleSessionName: "run-1", ExternalId: "fleet" };

const refusals: Readonly<
  Record<string, { because: string; input: AssumeRoleCommandInput; name: string; status: number }>
> = {
  "a role that does not exist": {
    because: "§9.3: AccessDenied, as for a role that does not trust the caller",
    input: { ...request, RoleArn: `${RoleArn}-2` },
    name: "AccessDenied",
    status: 403,
  },
  "another external id": {
    because: "the trust policy's condition",
    input: { ...request, ExternalId: "other" },
    name: "AccessDenied",
    status: 403,
  },
  "tags the trust policy does not allow": {
    because: "sts:TagSession is a permission of its own",
    input: { ...request, Tags: [{ Key: "a", Value: "b" }] },
    name: "AccessDenied",
    status: 403,
  },
  "a session longer than the role's": {
    because: "§9.3: DurationSeconds is at most MaxSessionDuration",
    input: { ...request, DurationSeconds: 3601 },
    name: "ValidationError",
    status: 400,
  },
  "a session shorter than 15 minutes": {
    because: "the model: 900 to 43200",
    input: { ...request, DurationSeconds: 899 },
    name: "ValidationError",
    status: 400,
  },
  "a session name of one letter": {
    because: "the model: 2 to 64 characters",
    input: { ...request, RoleSessionName: "r" },
    name: "ValidationError",
    status: 400,
  },
};

describe("AssumeRole", () => {
  it("makes a session that acts as the role, in the role's account", async () => {
    const simulator = withRole();
    const { sts } = clientsOf(simulator);
    const session = await sts.send(new AssumeRoleCommand({ ...request, SourceIdentity: "run-1" }));
    expect(session.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${member}:assumed-role/holdfast-observe/run-1`);
    expect(session.Credentials?.Expiration).toEqual(new Date("2026-01-01T01:00:00Z"));

    const inside = clientsOf(simulator, { credentials: keyFrom(session.Credentials) });
    expect(await inside.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: member });
    await inside.backup.send(new ListBackupVaultsCommand({}));
    expect(simulator.calls.all().at(-1)).toMatchObject({ account: member, sourceIdentity: "run-1", outcome: "ok" });
  });

  it.each(Object.entries(refusals))("refuses %s", async (_sentence, { because, input, name, status }) => {
    const refused = await refusal(clientsOf(withRole()).sts.send(new AssumeRoleCommand(input)));
    expect({ because, name: refused.name, status: refused.status }).toEqual({ because, name, status });
  });

  it("refuses a role of an account that is no longer active", async () => {
    const simulator = smallSimulator();
    const trust = {
      Statement: { Effect: "Allow" as const, Principal: { AWS: administrator }, Action: "sts:AssumeRole" },
    };
    const { arn } = simulator.iam.putRole("777788889999", { name: "r", trust });
    const refused = await refusal(
      clientsOf(simulator).sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "ab" })),
    );
    expect(refused.name).toBe("AccessDenied");
  });

  it("tells the caller's own policies in which organization the role's account is, where it is in one", async () => {
    const simulator = smallSimulator();
    const trust = {
      Statement: { Effect: "Allow" as const, Principal: { AWS: `arn:aws:iam::${hub}:root` }, Action: "sts:AssumeRole" },
    };
    const inside = simulator.iam.putRole(member, { name: "inside", trust });
    const outside = simulator.iam.putRole(stranger, { name: "outside", trust });
    const within = { StringEquals: { "aws:ResourceOrgID": simulator.organization.id } };
    const credentials = simulator.iam.putUser(hub, "careful", [
      { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*", Condition: within } },
    ]);
    const { sts } = clientsOf(simulator, { credentials });
    const assume = (RoleArn: string) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "ab" }));
    expect((await assume(inside.arn)).AssumedRoleUser?.Arn).toContain(member);
    expect((await refusal(assume(outside.arn))).name).toBe("AccessDenied");
  });

  it("caps a session made by a session at one hour, and carries its source identity on", async () => {
    const simulator = withRole(43_200);
    const session = await clientsOf(simulator).sts.send(new AssumeRoleCommand({ ...request, SourceIdentity: "run-1" }));
    const trust = {
      Statement: {
        Effect: "Allow" as const,
        Principal: { AWS: RoleArn },
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      },
    };
    const next = simulator.iam.putRole(member, { name: "next", trust, maxSessionSeconds: 43_200 });
    const { sts } = clientsOf(simulator, { credentials: keyFrom(session.Credentials) });
    const chained = { RoleArn: next.arn, RoleSessionName: "ab" };
    expect((await refusal(sts.send(new AssumeRoleCommand({ ...chained, DurationSeconds: 7200 })))).name).toBe(
      "ValidationError",
    );
    expect((await sts.send(new AssumeRoleCommand(chained))).SourceIdentity).toBe("run-1");
    const other = new AssumeRoleCommand({ ...chained, SourceIdentity: "somebody-else" });
    expect((await refusal(sts.send(other))).name).toBe("AccessDenied");
  });

  it("issues keys that expire by the virtual clock, told in each service's own words", async () => {
    const simulator = withRole();
    const session = await clientsOf(simulator).sts.send(new AssumeRoleCommand(request));
    simulator.clock.advance(3_600_000);
    const late = clientsOf(simulator, { credentials: keyFrom(session.Credentials) });
    expect(await refusal(late.backup.send(new ListBackupVaultsCommand({})))).toMatchObject({
      name: "ExpiredTokenException",
      status: 403,
    });
    expect(await refusal(late.sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "ExpiredToken",
      status: 403,
    });
    expect(await refusal(late.s3.send(new HeadBucketCommand({ Bucket: "abc" })))).toMatchObject({ status: 400 });
  });
});

describe("access keys", () => {
  it("takes any static key for the hub's administrator, unless it is strict", async () => {
    expect(await clientsOf(smallSimulator()).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: hub,
      Arn: administrator,
    });
    const strict = smallSimulator({ strict: true });
    const refused = await refusal(clientsOf(strict).sts.send(new GetCallerIdentityCommand({})));
    expect(refused).toMatchObject({ name: "InvalidClientTokenId", status: 403 });
    const credentials = strict.iam.putUser(member, "alice");
    expect(await clientsOf(strict, { credentials }).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: member,
    });
  });

  it("knows no session key it has not issued", async () => {
    const credentials = { accessKeyId: "ASIAINVENTED", secretAccessKey: "x", sessionToken: "y" };
    const refused = await refusal(
      clientsOf(smallSimulator(), { credentials }).backup.send(new ListBackupVaultsCommand({})),
    );
    expect(refused).toMatchObject({ name: "UnrecognizedClientException", status: 403 });
  });

  it("knows no key in a Region that is not enabled", async () => {
    const elsewhere = clientsOf(smallSimulator(), { region: "ap-east-1" });
    expect(await refusal(elsewhere.backup.send(new ListBackupVaultsCommand({})))).toMatchObject({
      name: "UnrecognizedClientException",
    });
  });
});
