import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, refusal, region, smallSimulator } from "../fixture.ts";

const NEXT = "5a1f9a9a-6a5a-4b0b-9f0e-000000000001";

function withSecret(options: { readonly rotationEnabled?: boolean } = {}) {
  const simulator = smallSimulator();
  const secret = simulator.addSecret(hub, region, { name: "webhooks", value: "first", ...options });
  const [first = ""] = secret.versions.keys();
  return { simulator, secret, first, SecretId: secret.arn, ...clientsOf(simulator) };
}

describe("a secret", () => {
  it("is read as it is now, by name or ARN, by version, and by stage", async () => {
    const { secrets, first, SecretId } = withSecret();
    const asked = [{ SecretId }, { SecretId: "webhooks" }, { SecretId, VersionId: first, VersionStage: "AWSCURRENT" }];
    for (const input of asked) {
      // oxlint-disable-next-line no-await-in-loop -- three reads of one secret
      const answer = await secrets.send(new GetSecretValueCommand(input));
      expect(answer).toMatchObject({ SecretString: "first", VersionId: first, VersionStages: ["AWSCURRENT"] });
    }
  });

  it.each([
    ["no such secret", { SecretId: "another" }],
    ["no such stage", { SecretId: "webhooks", VersionStage: "AWSPENDING" }],
    ["a version that has another stage", { SecretId: "webhooks", VersionId: NEXT, VersionStage: "AWSCURRENT" }],
  ])("is not found where there is %s", async (_which, input) => {
    const { secrets } = withSecret();
    expect(await refusal(secrets.send(new GetSecretValueCommand(input)))).toMatchObject({
      name: "ResourceNotFoundException",
      status: 400,
    });
  });

  it("takes a value once under a token: again it changes nothing, and another value is refused", async () => {
    const { secrets, secret, SecretId } = withSecret();
    const put = (SecretString: string) =>
      secrets.send(
        new PutSecretValueCommand({ SecretId, ClientRequestToken: NEXT, SecretString, VersionStages: ["AWSPENDING"] }),
      );
    await put("second");
    await put("second");
    expect(await refusal(put("third"))).toMatchObject({ name: "ResourceExistsException" });
    expect(secret.versions.get(NEXT)).toMatchObject({ value: "second", stages: new Set(["AWSPENDING"]) });
  });

  it("moves AWSCURRENT only from the version that is named, and calls that one AWSPREVIOUS", async () => {
    const { secrets, secret, first, SecretId } = withSecret();
    await secrets.send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken: NEXT,
        SecretString: "2",
        VersionStages: ["AWSPENDING"],
      }),
    );
    const move = { SecretId, VersionStage: "AWSCURRENT", MoveToVersionId: NEXT };
    expect(await refusal(secrets.send(new UpdateSecretVersionStageCommand(move)))).toMatchObject({
      name: "InvalidParameterException",
    });
    await secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: first }));
    expect(secret.versions.get(first)?.stages).toEqual(new Set(["AWSPREVIOUS"]));
    expect(secret.versions.get(NEXT)?.stages).toEqual(new Set(["AWSPENDING", "AWSCURRENT"]));
  });

  it("begins one rotation at a time, with a version that has no value yet", async () => {
    const { secrets, SecretId } = withSecret();
    const { VersionId = "" } = await secrets.send(new RotateSecretCommand({ SecretId, ClientRequestToken: NEXT }));
    expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      RotationEnabled: true,
      VersionIdsToStages: { [VersionId]: ["AWSPENDING"] },
    });
    const pending = new GetSecretValueCommand({ SecretId, VersionStage: "AWSPENDING" });
    expect(await refusal(secrets.send(pending))).toMatchObject({ name: "ResourceNotFoundException" });
    expect(await refusal(secrets.send(new RotateSecretCommand({ SecretId })))).toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it("has no rotation to begin without a function", async () => {
    const { secrets, SecretId } = withSecret({ rotationEnabled: false });
    expect(await refusal(secrets.send(new RotateSecretCommand({ SecretId })))).toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it("may refuse by its own policy what its account allows", async () => {
    const { secrets, secret, SecretId } = withSecret();
    secret.policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" }],
    };
    expect(await refusal(secrets.send(new GetSecretValueCommand({ SecretId })))).toMatchObject({
      name: "AccessDeniedException",
      status: 400,
    });
  });
});
