import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { messagingClients } from "../fixture-messages.ts";
import { hub, member, refusal, region, smallSimulator } from "../fixture.ts";
import { newQueue } from "../platform/queue.ts";
import type { Simulator } from "../simulator.ts";
import type { EventTarget } from "./bus.ts";

const home = { account: hub, region };
const busArn = `arn:aws:events:${region}:${hub}:event-bus/mine`;
const queueArn = `arn:aws:sqs:${region}:${hub}:told`;
const ruleArn = `arn:aws:events:${region}:${hub}:rule/mine/all`;
const entry: PutEventsRequestEntry = { Source: "acme", DetailType: "Thing", Detail: '{"a":1}', EventBusName: "mine" };

/** A bus, a rule that takes everything of acme's, and a queue that takes it from that rule. */
function withBus(targets: readonly EventTarget[] = [{ arn: queueArn }]): Simulator {
  const simulator = smallSimulator();
  const bus = simulator.eventBridge.addBus(hub, region, "mine");
  bus.rules.set("all", { name: "all", pattern: { source: ["acme"] }, targets, enabled: true });
  const queue = newQueue({ name: "told" });
  queue.policy = {
    Statement: {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
    },
  };
  simulator.platform(hub, region).queues.set("told", queue);
  return simulator;
}

const told = (simulator: Simulator) =>
  simulator
    .platform(hub, region)
    .queues.get("told")!
    .messages.map(({ body }) => JSON.parse(body) as unknown);

const put = (simulator: Simulator, ...Entries: PutEventsRequestEntry[]) =>
  messagingClients(simulator).events.send(new PutEventsCommand({ Entries }));

describe("PutEvents", () => {
  it("fails entries one by one, in their places, and takes the others", async () => {
    const simulator = withBus();
    const { Source: _none, ...sourceless } = entry;
    const bad = [
      sourceless,
      { ...entry, Source: "aws.backup" },
      { ...entry, Detail: "[1]" },
      { ...entry, Detail: "{" },
      { ...entry, EventBusName: "absent" },
      { ...entry, Detail: JSON.stringify({ text: "x".repeat(262_144) }) },
    ];
    const answer = await put(simulator, ...bad, entry);
    expect(answer.FailedEntryCount).toBe(bad.length);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "InvalidArgument",
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "InvalidArgument",
      undefined,
    ]);
    expect(told(simulator)).toMatchObject([
      { id: answer.Entries?.at(-1)?.EventId, source: "acme", "detail-type": "Thing", ...home, detail: { a: 1 } },
    ]);
  });

  it("takes one to ten entries", async () => {
    const simulator = withBus();
    for (const count of [0, 11]) {
      const refused = await refusal(put(simulator, ...Array.from({ length: count }, () => entry)));
      expect(refused.name).toBe("ValidationException");
    }
    expect(told(simulator)).toEqual([]);
  });

  it("can fail for a while without a reason of the caller's", async () => {
    const simulator = withBus();
    simulator.eventBridge.failing.push("ThrottlingException");
    expect(await put(simulator, entry, entry)).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException" }, {}],
    });
    expect(told(simulator)).toHaveLength(1);
  });

  it("is judged by bus, source and detail type, each entry by itself and all together refused", async () => {
    const simulator = withBus();
    const Condition = { StringEquals: { "events:source": "acme", "events:detail-type": "Thing" } };
    const Statement = { Effect: "Allow" as const, Action: "events:PutEvents", Resource: busArn, Condition };
    const { events } = messagingClients(simulator, simulator.iam.putUser(hub, "alice", [{ Statement }]));
    const send = (...Entries: PutEventsRequestEntry[]) => events.send(new PutEventsCommand({ Entries }));
    expect(await send(entry)).toMatchObject({ FailedEntryCount: 0 });
    for (const other of [
      { ...entry, Source: "other" },
      { ...entry, DetailType: "Other" },
      { ...entry, EventBusName: "default" },
    ])
      expect(await refusal(send(entry, other))).toMatchObject({ name: "AccessDeniedException", status: 400 });
    expect(told(simulator)).toHaveLength(1);
  });
});

describe("a rule", () => {
  it("gives its targets what it matches, and no more where it is disabled", async () => {
    const simulator = withBus([{ arn: `arn:aws:lambda:${region}:${hub}:function:f` }]);
    await put(simulator, entry, { ...entry, Source: "other" });
    expect(simulator.eventBridge.invoked).toMatchObject([{ event: { source: "acme" } }]);
    simulator.eventBridge.bus(hub, region, "mine")!.rules.get("all")!.enabled = false;
    await put(simulator, entry);
    expect(simulator.eventBridge.invoked).toHaveLength(1);
  });

  it("is refused by a queue whose policy names another rule, and says so", async () => {
    const simulator = withBus();
    const bus = simulator.eventBridge.bus(hub, region, "mine")!;
    bus.rules.set("other", { ...bus.rules.get("all")!, name: "other" });
    await put(simulator, entry);
    expect(told(simulator)).toHaveLength(1);
    expect(simulator.eventBridge.undelivered).toMatchObject([{ rule: ruleArn.replace("/all", "/other") }]);
  });
});

describe("an account's events come to another's bus", () => {
  const forwarding = (policy: object, trust = "events.amazonaws.com") => {
    const simulator = withBus();
    const roleArn = `arn:aws:iam::${member}:role/forward`;
    simulator.iam.putRole(member, {
      name: "forward",
      trust: { Statement: { Effect: "Allow", Principal: { Service: trust }, Action: "sts:AssumeRole" } },
      policies: [{ Statement: { Effect: "Allow", Action: "events:PutEvents", Resource: busArn } }],
    });
    const [target, pattern] = [{ arn: busArn, roleArn }, { source: ["aws.backup"] }];
    const rule = { name: "forward", pattern, targets: [target], enabled: true };
    simulator.eventBridge.bus(member, region)!.rules.set("forward", rule);
    const bus = simulator.eventBridge.bus(hub, region, "mine")!;
    bus.policy = {
      Statement: { Effect: "Allow", Principal: "*", Action: "events:PutEvents", Resource: busArn, ...policy },
    };
    bus.rules.set("all", { ...bus.rules.get("all")!, pattern });
    simulator.operator(member, region)("backup", "CreateBackupVault", { BackupVaultName: "new" });
    simulator.clock.advance(600_000);
    return simulator;
  };
  const whole = { Condition: { StringEquals: { "events:source": "aws.backup" } } };

  it("as they were, by a role that the rule's own side and the bus let", () => {
    expect(told(forwarding(whole))).toMatchObject([
      { account: member, region, source: "aws.backup", detail: { backupVaultName: "new", state: "CREATED" } },
    ]);
  });

  it("not where the bus's policy is for another organization, or source, or the role trusts nobody", () => {
    const refusing = [
      forwarding({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-other" } } }),
      forwarding({ Condition: { StringEquals: { "events:source": "acme" } } }),
      forwarding(whole, "lambda.amazonaws.com"),
    ];
    for (const simulator of refusing) {
      expect(told(simulator)).toEqual([]);
      expect(simulator.eventBridge.undelivered).toHaveLength(1);
    }
  });
});
