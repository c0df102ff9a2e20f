import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { instant } from "../../controller/domain/identity.ts";
import { Notice } from "../../controller/notices/notice.ts";
import { BILLING, bodyOf, failedJob, finding, governed, later, MORNING, SHOP } from "../concerns/bodies.ts";
import { dyingAfter, rig, route } from "./rig.ts";
import { type Answer, receiver, status, type Received } from "./receiver.ts";

const CHAT = route({ to: { by: "slack", secret: "holdfast/notify/chat" } });
const failing = (at = MORNING) =>
  bodyOf({ jobs: { ...bodyOf().jobs, failed: [failedJob({ on: instant(new Date(at.getTime() - 3_600_000)) })] } });
const mended = (at: Date) =>
  bodyOf({ jobs: { ...bodyOf().jobs, mended: [{ jobId: "job-2", work: `backup ${BILLING}`, on: instant(at) }] } });

const headlines = (received: readonly Received[]): readonly string[] =>
  received.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text);

/** A channel and runs that tell it. */
async function chat(over: Partial<typeof CHAT> = {}, ...answers: readonly Answer[]) {
  const there = await receiver(...answers);
  const world = await rig([{ ...CHAT, ...over }]);
  world.keep("holdfast/notify/chat", `${there.url}/services/hush`);
  return { there, world, told: () => headlines(there.received) };
}

describe("a route", () => {
  it("is told once of what is wrong, and once when it is over", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    await world.run(failing(), later(0));
    await world.run(failing(later(1)), later(1));
    expect(told()).toEqual(["[acme] Backup failed: billing"]);
    await world.run(mended(later(2)), later(2));
    await world.run(bodyOf(), later(3));
    expect(told()).toEqual(["[acme] Backup failed: billing", "[acme] Over: Backup failed: billing"]);
    expect(there.received[0]?.body).toMatch(/billing\* in shop \(444455556666\), eu-west-1/);
    expect(world.namesAsked(), "names are asked where there is something to say").toBe(2);
  });

  it("gets one message for forty of a cause, by owner", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    const rows = Array.from({ length: 40 }, (unused, at) =>
      finding("unprotected", { id: `arn:aws:s3:::bucket-${at}` }, { owner: at % 2 === 0 ? "team-a" : "team-b" }),
    );
    await world.run(bodyOf({ resources: rows }), later(0));
    expect(told()).toEqual(["[acme] Not protected (20), Not protected (20)"]);
    expect(there.received[0]?.body).toContain("and 10 more, in the report");
  });

  it("is told again of what still stands open after its days, and at once of what is worse", async () => {
    const { there, world, told } = await chat({ remindAfterDays: 2 });
    await using _ = there;
    await using __ = world;
    const wrong = bodyOf({ resources: [finding("unprotected")] });
    await world.run(wrong, later(0));
    await world.run(wrong, later(47));
    expect(told()).toHaveLength(1);
    await world.run(wrong, later(48));
    expect(told()).toHaveLength(2);
    expect(there.received[1]?.body).toContain("Still open since 2026-03-02");
  });

  it("is told of nothing that began and ended in its quiet hours, of the rest when they are over, and of what is critical at once", async () => {
    const { there, world, told } = await chat({
      quietHours: { timeZone: "Etc/UTC", from: "22:00", to: "07:00", days: ["sun", "mon"], holds: "all-but-critical" },
    });
    await using _ = there;
    await using __ = world;
    const two = bodyOf({ resources: [finding("unprotected"), finding("rpo-breach")] });
    await world.run(two, later(0)); // Monday, 05:00
    await world.run(bodyOf({ resources: [finding("unprotected"), finding("lastPointExpiring")] }), later(1));
    expect(told()).toEqual(["[acme] The last recovery point expires: billing"]);
    await world.run(bodyOf({ resources: [finding("unprotected"), finding("lastPointExpiring")] }), later(2)); // 07:00
    expect(told()).toEqual(["[acme] The last recovery point expires: billing", "[acme] Not protected: billing"]);
  });

  it("has a digest once a day, also of nothing, and a new one not before its time", async () => {
    const { there, world, told } = await chat({ mode: "digest", digest: { at: "08:00", timeZone: "Etc/UTC" } });
    await using _ = there;
    await using __ = world;
    for (const hour of [0, 1, 2]) await world.run(failing(later(hour)), later(hour)); // oxlint-disable-line no-await-in-loop -- run by run
    expect(told()).toEqual([]);
    for (const hour of [3, 4, 5]) await world.run(failing(later(hour)), later(hour)); // oxlint-disable-line no-await-in-loop -- run by run
    expect(told()).toEqual(["[acme] Daily digest: 0 critical, 1 high, 0 to know"]);
    await world.run(mended(later(20)), later(20));
    await world.run(bodyOf(), later(27));
    expect(told().at(-1)).toBe("[acme] Daily digest: nothing is open");
  });

  it("that had no digest so far has its first one at its time too", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    await world.run(bodyOf(), later(0));
    const declared = { routes: [{ ...CHAT, digest: { at: "08:00", timeZone: "Etc/UTC" } }], owners: {} };
    await world.run(bodyOf(), later(1), { declared });
    expect(told()).toEqual([]);
    await world.run(bodyOf(), later(3), { declared });
    await world.run(bodyOf(), later(4), { declared });
    expect(told()).toEqual(["[acme] Daily digest: nothing is open"]);
  });

  it("is told that it is over of what it was told of, though that is another's by then", async () => {
    const { there, world, told } = await chat({ only: { owners: ["team-a"] } });
    await using _ = there;
    await using __ = world;
    const owned = (owner: string) => bodyOf({ resources: [finding("unprotected", {}, { owner })] });
    await world.run(owned("team-a"), later(0));
    await world.run(owned("team-b"), later(1));
    await world.run(bodyOf(), later(2));
    await world.run(bodyOf(), later(3));
    expect(told()).toEqual(["[acme] Not protected: billing", "[acme] Over: Not protected: billing"]);
  });

  it("is told by a run that could make nothing of the desired state: by the routes declared last", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    await world.run(bodyOf(), later(0));
    const failure = { code: "manifest-refused", message: "fleet.yaml:3:1: no" };
    await world.run(bodyOf({ run: { ...bodyOf().run, failure } }), later(1), { declared: undefined });
    expect(told()).toEqual(["[acme] A run was broken off: acme"]);
  });

  it("that a manifest takes out is told no more", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    await world.run(failing(), later(0));
    await world.run(mended(later(1)), later(1), { declared: undefined });
    expect(told()).toEqual(["[acme] Backup failed: billing"]);
  });
});

describe("owners", () => {
  it("hear of their own alone, and a route that is no owner's of everything", async () => {
    await using a = await receiver();
    await using all = await receiver();
    const to = (secret: string) => ({ by: "slack", secret }) as const;
    await using world = await rig([route({ name: "team-a", to: to("a") }), route({ name: "all", to: to("all") })], {
      owners: { "team-a": ["team-a"] },
    });
    world.keep("a", a.url);
    world.keep("all", all.url);
    const rows = [finding("unprotected", {}, { owner: "team-a" }), finding("rpo-breach", {}, { owner: "team-b" })];
    await world.run(bodyOf({ resources: rows }), later(0));
    expect([headlines(a.received), headlines(all.received)]).toEqual([
      ["[acme] Not protected: billing"],
      [expect.stringContaining("Newest backup is too old") as string],
    ]);
  });
});

describe("a notice that comes to nothing", () => {
  it("fails no run, is of concern in the next report, and is sent by the next run", async () => {
    const { there, world, told } = await chat({}, status(500), status(500), status(500), status(200));
    await using _ = there;
    await using __ = world;
    await world.run(failing(), later(0));
    expect(world.log).toContainEqual(
      expect.objectContaining({ event: "notice-failed", route: "chat", because: "the receiver answered 500" }),
    );
    const concerns = await world.run(bodyOf(), later(1));
    expect(concerns.find(({ cause }) => cause === "notice-failed")?.because).toBe(
      "route chat: the receiver answered 500",
    );
    expect(told().slice(3)).toHaveLength(1);
    expect(there.received[3]?.body).toMatch(
      /Backup failed[\s\S]*A notice could not be delivered|A notice could not be delivered[\s\S]*Backup failed/,
    );
    expect(
      (await world.run(bodyOf(), later(2))).find(({ cause }) => cause === "notice-failed")?.resolved,
    ).toBeDefined();
  });

  it("for an address that was renewed meanwhile is sent to the new one", async () => {
    const { there, world } = await chat();
    await using _ = there;
    await using __ = world;
    const secret = [...world.secrets.secrets.values()][0]!;
    const [id, version] = [...secret.versions][0]!;
    const renewed = version.value;
    await using gone = await receiver((response) => {
      secret.versions.set(id, { ...version, value: renewed });
      response.writeHead(404).end();
    });
    secret.versions.set(id, { ...version, value: gone.url });
    await world.run(failing(), later(0));
    expect([gone.received.length, there.received.length]).toEqual([1, 1]);
  });

  it("for an address that is gone says what to do, and never the address", async () => {
    const { there, world } = await chat({}, status(410));
    await using _ = there;
    await using __ = world;
    await world.run(failing(), later(0));
    await world.run(bodyOf({ governed: [governed(SHOP, false)] }), later(1));
    expect(world.troubles()).toMatchObject([
      { cause: "notice-failed", fix: expect.stringContaining("holdfast/notify/chat") as string },
    ]);
    expect(JSON.stringify([world.log, world.troubles()])).not.toContain("hush");
    expect(there.received).toHaveLength(2);
  });

  it("where the secret is not there is as any other: told, and tried again", async () => {
    await using world = await rig([CHAT]);
    await world.run(failing(), later(0));
    await world.run(bodyOf(), later(1));
    expect(world.troubles()).toMatchObject([
      { because: expect.stringMatching(/secretsmanager:GetSecretValue/) as string },
    ]);
  });

  it("for a secret that holds no key says so, and never what it holds", async () => {
    await using there = await receiver();
    await using world = await rig([route({ to: { by: "webhook", url: there.url, secret: "key" } })]);
    world.keep("key", "whsec_hush hush");
    await world.run(failing(), later(0));
    await world.run(bodyOf(), later(1));
    expect(world.troubles()).toMatchObject([{ because: "route chat: the secret holds no key to sign with" }]);
    expect(JSON.stringify([world.log, world.troubles()])).not.toContain("hush");
    expect(there.received).toEqual([]);
  });

  it("because its process died before it could send is made up for by the next run", async () => {
    const { there, world, told } = await chat();
    await using _ = there;
    await using __ = world;
    await world.run(failing(), later(0), { store: dyingAfter(world.folderStore, 0) });
    expect(told()).toEqual([]);
    await world.run(bodyOf(), later(1));
    expect(told()).toEqual(["[acme] Backup failed: billing"]);
  });

  it("whose process died after it was sent is sent once more, under the same id", async () => {
    await using there = await receiver();
    await using world = await rig([route({ to: { by: "webhook", url: there.url, secret: "key" } })]);
    world.keep("key", "A".repeat(43));
    await world.run(failing(), later(0), { store: dyingAfter(world.folderStore, 1) });
    await world.run(bodyOf(), later(1));
    await world.run(bodyOf(), later(2));
    const ids = there.received.map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });
});

describe("an address of a webhook", () => {
  it("that has been the same for more than a year is told of", async () => {
    const { there, world } = await chat();
    await using _ = there;
    await using __ = world;
    world.secrets.secrets.clear();
    world.keep("holdfast/notify/chat", there.url, new Date("2025-02-01T00:00:00Z"));
    await world.run(failing(), later(0));
    await world.run(bodyOf(), later(1));
    expect(world.troubles()).toMatchObject([
      { cause: "webhook-old", because: expect.stringContaining("2025-02-01") as string },
    ]);
  });
});

describe("our own webhook", () => {
  const [OLD, NEW] = ["A".repeat(43), "B".repeat(43)];
  const keyOf = (key: string) => new Uint8Array(Buffer.from(key, "base64url"));

  it("is signed with both keys while receivers may have either, and then with the new one alone", async () => {
    await using there = await receiver();
    await using world = await rig([route({ to: { by: "webhook", url: there.url, secret: "key" } })]);
    const secret = world.keep("key", OLD, new Date(0));
    const [id, version] = [...secret.versions][0]!;
    secret.versions.set(id, { ...version, stages: new Set(["AWSPREVIOUS"]) });
    secret.versions.set("new", { value: NEW, stages: new Set(["AWSCURRENT"]), created: MORNING });
    await world.run(failing(), later(0));
    await world.run(mended(later(24 * 7)), later(24 * 7));
    const signatures = there.received.map(({ headers }) => String(headers["webhook-signature"]).split(" "));
    expect(signatures.map(({ length }) => length)).toEqual([2, 1]);
    const [{ headers, body }] = there.received as [Received];
    const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
    for (const [at, key] of [NEW, OLD].entries())
      expect(signatures[0]?.[at]).toBe(`v1,${createHmac("sha256", keyOf(key)).update(signed).digest("base64")}`);
    expect(signatures[1]?.[0]).not.toBe(signatures[0]?.[1]);
  });

  it("verifies by the library's own hand with either key, not with another, nor after a change", async () => {
    await using there = await receiver();
    await using world = await rig([route({ to: { by: "webhook", url: there.url, secret: "key" } })]);
    world.keep("key", OLD, new Date());
    await world.run(failing(new Date()), new Date());
    const [{ headers, body }] = there.received as [Received];
    const verify = (key: string, text: string) =>
      new Webhook(keyOf(key), { format: "raw" }).verify(text, headers as Record<string, string>);
    const { data, type } = verify(OLD, body) as { readonly data: unknown; readonly type: string };
    expect(type).toBe("concern.opened");
    expect(Notice.parse(data).groups[0]?.concerns[0]).toMatchObject({ name: "billing", accountName: "shop" });
    expect(() => verify(NEW, body)).toThrow("No matching signature");
    expect(() => verify(OLD, body.replace("billing", "bi11ing"))).toThrow("No matching signature");
  });
});
