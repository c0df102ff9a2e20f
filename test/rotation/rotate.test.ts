import { describe, expect, it } from "vitest";
import { type AwsSettings, createClients } from "../../controller/aws/clients.ts";
import { createControllerCall } from "../../controller/aws/fleet.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import { rotate, RotationEvent } from "../../controller/rotation/rotate.ts";
import { virtualTime } from "../aws/virtual-time.ts";
import type { Connection } from "../simulator/connection.ts";
import { hub, region, smallSimulator } from "../simulator/fixture.ts";
import { INSTALLED } from "../support/installation.ts";
import { install } from "../support/installed.ts";
import { recordUse } from "../support/ledger.ts";
import { goldenTemplate } from "../support/template.ts";

/** As the simulator generates it. */
const FIRST = "G".repeat(43);
const NEXT = "5a1f9a9a-6a5a-4b0b-9f0e-000000000001";
const STEPS = RotationEvent.shape.Step.options;
type Step = (typeof STEPS)[number];

/** The hub as its template makes it: the webhooks' secret under its own policy, and the rotation's function in its role. */
function deployed({ rotationEnabled = true } = {}) {
  const simulator = smallSimulator({ organizationId: INSTALLED.organizationId, judged: recordUse });
  const installed = install(simulator, goldenTemplate("hub"), { account: hub, region });
  const { SecretId } = installed.properties("AWS::SecretsManager::ResourcePolicy", "Webhooks");
  const secret = simulator.secrets(hub, region).secrets.get(String(SecretId))!;
  secret.rotationEnabled = rotationEnabled;
  const role = simulator.iam.role(`arn:aws:iam::${hub}:role/holdfast-rotation`)!;
  const expires = new Date(simulator.clock.now().getTime() + 3_600_000);
  const credentials = simulator.iam.issueSession({ role, name: "function", sourceIdentity: undefined, expires });
  const time = virtualTime(simulator.clock.now(), (ms) => simulator.clock.advance(ms));
  let keys = 0;
  /** One step by one instance of the function, or until its connection is cut. */
  const take = (Step: Step, ClientRequestToken = NEXT, connection: Connection = simulator.connect()) => {
    const call = createControllerCall({
      clients: createClients({
        region,
        allowHttp: false,
        credentials,
        requestHandler: connection.requestHandler as NonNullable<AwsSettings["requestHandler"]>,
      }),
      clock: time.clock,
      pacing: createPacing(time.clock),
      deadline: Number.POSITIVE_INFINITY,
      random: () => 0.5,
    });
    const event = { Step, SecretId: secret.arn, ClientRequestToken };
    const work = rotate(event, call, (count) => new Uint8Array(count).fill((keys += 1)));
    return time.until(Promise.race([work, connection.killed.then(() => "killed" as const)]));
  };
  return {
    simulator,
    secret,
    take,
    begin: () =>
      simulator.operator(hub, region)("secretsmanager", "RotateSecret", {
        SecretId: secret.arn,
        ClientRequestToken: NEXT,
      }),
    valueAt: (stage: string) => [...secret.versions.values()].find(({ stages }) => stages.has(stage))?.value,
  };
}

function begun(options?: Parameters<typeof deployed>[0]) {
  const one = deployed(options);
  one.begin();
  return one;
}

const isKey = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string;

describe("the rotation of the webhooks' key", () => {
  it("makes a new key current, and keeps the old one as the previous", async () => {
    const { take, valueAt, secret } = begun();
    for (const step of STEPS) await take(step); // oxlint-disable-line no-await-in-loop -- one step after the other
    expect(valueAt("AWSPREVIOUS")).toBe(FIRST);
    expect(valueAt("AWSCURRENT")).toEqual(isKey);
    expect(valueAt("AWSCURRENT")).not.toBe(FIRST);
    expect(secret.versions.size).toBe(2);
  });

  it("changes nothing by a step that is taken twice", async () => {
    const { take, valueAt, secret } = begun();
    for (const step of STEPS) {
      await take(step); // oxlint-disable-line no-await-in-loop -- one step after the other
      const value = secret.versions.get(NEXT)?.value;
      await take(step); // oxlint-disable-line no-await-in-loop -- and again
      expect(secret.versions.get(NEXT)?.value, step).toBe(value);
    }
    expect([valueAt("AWSPREVIOUS"), valueAt("AWSCURRENT")]).toEqual([FIRST, isKey]);
  });

  it("says of a version that is current already that there is nothing to do, whatever step is asked for", async () => {
    const { take, simulator } = begun();
    for (const step of STEPS) await take(step); // oxlint-disable-line no-await-in-loop -- one step after the other
    const writes = simulator.calls.writes().length;
    for (const step of STEPS) expect(await take(step)).toBe("current"); // oxlint-disable-line no-await-in-loop -- likewise
    expect(simulator.calls.writes().length).toBe(writes);
  });

  const moments = STEPS.flatMap((step) =>
    [1, 2, 3].flatMap((call) => (["before", "after"] as const).map((when) => [step, call, when] as const)),
  );
  it.each(moments)(
    "cut off in %s, at call %i, %s it is carried out: begun again it comes to the same",
    async (step, n, when) => {
      const { take, simulator, secret, valueAt } = begun();
      for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) await take(earlier); // oxlint-disable-line no-await-in-loop -- one step after the other
      const connection = simulator.connect();
      connection.killAt(n, when);
      await take(step, NEXT, connection);
      for (const again of STEPS) await take(again); // oxlint-disable-line no-await-in-loop -- Secrets Manager begins with the first step
      expect([valueAt("AWSPREVIOUS"), valueAt("AWSCURRENT")]).toEqual([FIRST, isKey]);
      expect(secret.versions.size).toBe(2);
    },
  );

  it("lets the key stand that the same step put meanwhile, delivered twice at once", async () => {
    const { take, secret, simulator } = begun();
    await Promise.all([take("createSecret"), take("createSecret")]);
    const puts = simulator.calls.all().filter(({ operation }) => operation === "PutSecretValue");
    expect(puts.map(({ outcome }) => outcome)).toEqual(["ok", "ResourceExistsException"]);
    expect(secret.versions.get(NEXT)?.value).toEqual(isKey);
  });

  it.each<readonly [because: string, step: Step, token: string, says: RegExp]>([
    [
      "a version that the secret does not have",
      "createSecret",
      `${NEXT}0`,
      /it has no version .*begin the rotation anew/,
    ],
    ["a version that lost its stage", "finishSecret", "old", /not staged as AWSPENDING/],
  ])("refuses %s", async (_because, step, token, says) => {
    const { take, secret, simulator } = begun();
    secret.versions.set("old", { value: FIRST, stages: new Set(["AWSPREVIOUS"]), created: simulator.clock.now() });
    const writes = simulator.calls.writes().length;
    await expect(take(step, token)).rejects.toMatchObject({
      code: "rotation-refused",
      message: expect.stringMatching(says) as string,
    });
    expect(simulator.calls.writes().length).toBe(writes);
  });

  it("refuses where rotation is not enabled", async () => {
    const { take } = deployed({ rotationEnabled: false });
    await expect(take("createSecret")).rejects.toMatchObject({ code: "rotation-refused" });
  });

  it.each<readonly [because: string, value: string | undefined, says: RegExp]>([
    ["is not there", undefined, /createSecret did not come to its end/],
    ["is no key of ours", "password", /put by somebody else/],
    ["is the old one", FIRST, /its new key is the old one/],
  ])("does not go on with a new value that %s", async (_because, value, says) => {
    const { take, secret, valueAt } = begun();
    secret.versions.get(NEXT)!.value = value;
    await expect(take("testSecret")).rejects.toMatchObject({
      code: "rotation-refused",
      message: expect.stringMatching(says) as string,
    });
    expect(valueAt("AWSCURRENT")).toBe(FIRST);
  });

  it("waits out a throttle", async () => {
    const { take, simulator, secret } = begun();
    simulator.faults.add({ operation: "*", times: 2, effect: { kind: "throttle" } });
    await take("createSecret");
    expect(secret.versions.get(NEXT)?.value).toEqual(isKey);
  });

  it("shows the key to nobody else: an administrator is refused", () => {
    const { secret, simulator } = begun();
    const read = () => simulator.operator(hub, region)("secretsmanager", "GetSecretValue", { SecretId: secret.arn });
    expect(read).toThrow(/not authorized/);
  });
});
