import { describe, expect, it } from "vitest";
import { Notice } from "../../controller/notices/notice.ts";
import { listening, VOLUME } from "../events/scene.ts";
import { receiver } from "../notices/receiver.ts";
import { newQueue } from "../simulator/platform/queue.ts";
import { FLEET, HUB, IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { consoleOf } from "./people.ts";
import { told } from "./telling.ts";

const BUS = "holdfast-told";

const withRoutes = (...routes: readonly string[]) => ({
  ...PRODUCTION,
  "fleet.yaml": `${FLEET}  notifications:\n    routes:\n${routes.map((route) => `      - ${route}\n`).join("")}`,
});

const backUp = (u: Universe): string => {
  const started = consoleOf(u)("backup", "StartBackupJob", {
    BackupVaultName: "nightly",
    ResourceArn: VOLUME,
    IamRoleArn: `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`,
    Lifecycle: { DeleteAfterDays: 35 },
  });
  return (started as { readonly BackupJobId: string }).BackupJobId;
};

const NIGHT = 12 * 3600;
/** Jobs that start later are spared. */
const soon = ({ simulator }: Universe): Date => new Date(simulator.clock.now().getTime() + 2 * 3_600_000);

/** The hub's topic as its template made it, with somebody whose mail is confirmed. */
function mailbox(u: Universe) {
  const [topic] = u.simulator.platform(HUB, IRELAND).topics.values();
  if (topic === undefined) throw new RangeError("the hub has no topic");
  topic.subscriptions.push({ protocol: "email", endpoint: "oncall@example.org", confirmed: true });
  const received = () => topic.received.map(({ subject, message }) => ({ subject, message }));
  return { route: `{ name: mail, to: { sns: "${topic.arn}" } }`, received };
}

/** A bus of ours, all that is said on it kept in a queue. */
function bus(u: Universe) {
  const rule = { name: "all", pattern: { source: ["holdfast"] }, enabled: true };
  const queueArn = `arn:aws:sqs:${IRELAND}:${HUB}:heard`;
  u.simulator.eventBridge.addBus(HUB, IRELAND, BUS).rules.set("all", { ...rule, targets: [{ arn: queueArn }] });
  const queue = newQueue({ name: "heard" });
  queue.policy = {
    Statement: {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
    },
  };
  u.simulator.platform(HUB, IRELAND).queues.set("heard", queue);
  return () =>
    queue.messages.map(({ body }) => JSON.parse(body) as { readonly "detail-type": string; readonly detail: unknown });
}

describe("a backup that failed", () => {
  it("is told within one batch of events by mail, chat, bus and webhook, once, and once more when it is over", async () => {
    await using chat = await receiver();
    await using own = await receiver();
    const { u, hub } = await listening({ notices: true });
    const [{ route, received: mail }, events] = [mailbox(u), bus(u)];
    u.commit(
      withRoutes(
        route,
        `{ name: chat, to: { slack: { secret: holdfast/notify/chat } } }`,
        `{ name: programs, to: { eventBus: ${BUS} } }`,
        `{ name: ours, to: { webhook: { url: "${own.url}", secret: holdfast/notify/key } } }`,
      ),
    );
    u.simulator.addSecret(HUB, IRELAND, { name: "holdfast/notify/chat", value: chat.url });
    u.simulator.addSecret(HUB, IRELAND, { name: "holdfast/notify/key", value: "A".repeat(43) });

    u.failBackups({ account: SHOP, region: IRELAND, message: "The volume is being deleted.", until: soon(u) });
    const jobId = backUp(u);
    await u.events.deliver(hub.take, 3600);
    const [first] = mail();
    expect(first?.subject).toBe("[acme] Backup failed: vol-1");
    expect(first?.message).toContain(`backup job ${jobId}`);
    expect(first?.message).toContain(`vol-1 in account-4444 (${SHOP}), ${IRELAND}`);
    const counts = () => [mail(), chat.received, events(), own.received].map(({ length }) => length);
    expect(counts()).toEqual([1, 1, 1, 1]);

    await u.run();
    expect(counts(), "the sweep finds the same, and nobody hears of it twice").toEqual([1, 1, 1, 1]);

    u.simulator.clock.advance(NIGHT * 1000);
    backUp(u);
    await u.events.deliver(hub.take, NIGHT);
    expect(counts()).toEqual([2, 2, 2, 2]);
    expect(mail()[1]).toMatchObject({ subject: "[acme] Over: Backup failed: vol-1" });
    expect(events().map((event) => event["detail-type"])).toEqual([
      "Holdfast Concern Opened",
      "Holdfast Concern Resolved",
    ]);
    for (const { detail } of events()) expect(() => Notice.parse(detail)).not.toThrow();
    await u.run();
    expect(counts()).toEqual([2, 2, 2, 2]);
  });

  it("is told by the sweep should every event be lost, and is over by the sweep too", async () => {
    const { u } = await listening({ notices: true });
    const { route, received: mail } = mailbox(u);
    u.commit(withRoutes(route));
    u.failBackups({ account: SHOP, region: IRELAND, message: "The volume is being deleted.", until: soon(u) });
    backUp(u);
    u.simulator.clock.advance(NIGHT * 1000);
    await u.run();
    backUp(u);
    u.simulator.clock.advance(NIGHT * 1000);
    await u.run();
    await u.run();
    expect(mail().map(({ subject }) => subject)).toEqual([
      "[acme] Backup failed: vol-1",
      "[acme] Over: Backup failed: vol-1",
    ]);
  });
});

describe("whose resource it was", () => {
  const routes = withRoutes(
    `{ name: team, to: { slack: { secret: holdfast/notify/team } }, only: { owners: [team-orders] } }`,
  );
  const files = { ...routes, "fleet.yaml": `${routes["fleet.yaml"]}  ownership: { tags: [team, owner] }\n` };
  const texts = (bodies: readonly { readonly body: string }[]) =>
    bodies.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text);

  async function failing(tags: Readonly<Record<string, string>>) {
    const team = await receiver();
    const { u, hub } = await listening({ notices: true });
    u.simulator.addSecret(HUB, IRELAND, { name: "holdfast/notify/team", value: team.url });
    u.simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS", tags });
    u.commit(files);
    u.failBackups({ account: SHOP, region: IRELAND, message: "The volume is being deleted.", until: soon(u) });
    backUp(u);
    return { team, u, hub };
  }

  it("hears of its failed backup within one batch, and by the sweep where events are lost", async () => {
    const heard = await failing({ owner: "team-orders" });
    await using team = heard.team;
    await heard.u.events.deliver(heard.hub.take, 3600);
    expect(texts(team.received)).toEqual(["[acme] Backup failed: vol-1"]);

    const swept = await failing({ owner: "team-orders" });
    await using other = swept.team;
    swept.u.simulator.clock.advance(NIGHT * 1000);
    await swept.u.run();
    expect(texts(other.received)).toEqual(["[acme] Backup failed: vol-1"]);
  });

  it("is nobody's where tags cannot be read, and the report tells of the failure all the same", async () => {
    const { team, u, hub } = await failing({ owner: "team-orders" });
    await using _ = team;
    u.simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" } });
    await u.events.deliver(hub.take, 3600);
    expect(team.received).toEqual([]);
    const [failed] = told(await u.run()).report.jobs.failed;
    expect(failed).toMatchObject({ arn: VOLUME, state: "FAILED" });
    expect(failed).not.toHaveProperty("owner");
  });
});

describe("a resource that nothing covers", () => {
  it("is told to its owner by the next run, and is over once its plan has backed it up", async () => {
    await using team = await receiver();
    const routes = withRoutes(`{ name: team, to: { slack: { secret: holdfast/notify/team } } }`);
    const fleet = `${routes["fleet.yaml"]}    owners: { team-orders: [team] }\n  ownership: { tags: [team, owner] }\n`;
    const coverage = `
apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec: { targets: { groups: [production] }, match: { tags: { all: { env: production } } }, rpo: 30h }
`;
    const u = universe({ notices: true, files: { ...routes, "fleet.yaml": fleet, "coverage.yaml": coverage } });
    u.simulator.addSecret(HUB, IRELAND, { name: "holdfast/notify/team", value: team.url });
    await u.run();
    const arn = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/orders`;
    const resource = { arn, type: "DynamoDB", tags: { env: "production", owner: "team-orders" }, sizeBytes: 1_000 };
    u.simulator.addResource(SHOP, IRELAND, resource);
    u.simulator.addResource(SHOP, IRELAND, { ...resource, arn: `${arn}-old`, tags: { env: "production" } });
    await u.run();
    expect(team.received.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text)).toEqual([
      "[acme] Not protected: orders",
    ]);
    u.simulator.addResource(SHOP, IRELAND, { ...resource, tags: { ...resource.tags, backup: "nightly" } });
    u.simulator.clock.advance(36 * 3_600_000);
    await u.run();
    expect(team.received.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text)[1]).toBe(
      "[acme] Over: Not protected: orders",
    );
  });
});

describe("a run whose notices come to nothing", () => {
  it("is as good as ever, and its successor says so", async () => {
    const u = universe({
      notices: true,
      files: withRoutes(`{ name: mail, to: { sns: "arn:aws:sns:${IRELAND}:${HUB}:holdfast-gone" } }`),
    });
    u.simulator.faults.add({ effect: { kind: "deny" }, operation: "ListBackupVaults" });
    const first = told(await u.run());
    const second = told(await u.run());
    expect(first.report.run.failure).toBeUndefined();
    expect([first.report.concerns?.high, second.report.concerns?.high]).toEqual([
      first.report.concerns?.open,
      (first.report.concerns?.open ?? 0) + 1,
    ]);
  });
});
