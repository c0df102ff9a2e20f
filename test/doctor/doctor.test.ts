import { beforeAll, describe, expect, it } from "vitest";
import { doctorExitCode, type Finding } from "../../controller/doctor/finding.ts";
import { doctorJson, doctorMarkdown, doctorText } from "../../controller/views/doctor.ts";
import { holdfast } from "../cli/command-line.ts";
import { ADMINISTRATOR } from "../support/installation.ts";
import { BREAKAGES } from "./breakages.ts";
import { EVENT_BREAKAGES } from "./event-breakages.ts";
import { TOLD_BREAKAGES } from "./told-breakages.ts";
import { bucket, changed, letIn, readerIn, schedule } from "./breaking.ts";
import { wrongCommands } from "./printed-commands.ts";
import { doctorsPolicy } from "./engineer.ts";
import { BUCKETS, controllerOf, FRANKFURT, HUB, installed, IRELAND, SHOP, VAULTS, type Installed } from "./scene.ts";

let world: Installed;
beforeAll(async () => {
  world = await installed();
});

const notWell = (findings: readonly Finding[]) => findings.filter(({ health }) => health !== "ok");

/** How long a run takes is no matter of what doctor says of it: each call more moves its end. */
const toTheMinute = (text: string): string => text.replaceAll(/(T\d\d:\d\d):\d\d\.\d{3}Z/g, "$1:00.000Z");

describe("doctor", () => {
  it("finds a whole installation well, having written nothing but the question to the controller and its answer", async () => {
    const from = world.simulator.calls.all().length;
    const findings = await world.doctor();
    expect(notWell(findings)).toEqual([]);
    expect(doctorExitCode(findings)).toBe(0);
    const writes = world.simulator.calls
      .all()
      .slice(from)
      .filter(({ mutating }) => mutating);
    expect(writes.map(({ operation }) => operation).filter((name) => name !== "AssumeRole")).toEqual([
      "Invoke",
      "PutObject",
    ]);
  });

  it.each([...BREAKAGES, ...EVENT_BREAKAGES, ...TOLD_BREAKAGES])(
    "$check: $because",
    async ({ breaks, check, health, says, fix, place }) => {
      const mend = breaks(world);
      const broken = notWell(await world.doctor().finally(mend));
      const found = broken.find((one) => one.check === check && says.test(one.says));
      expect(found, JSON.stringify(broken, null, 2)).toBeDefined();
      expect(found).toMatchObject({ health, fix: expect.stringMatching(fix), ...(place ? { place } : {}) });
      expect(found?.why).toBeTruthy();
      expect(broken.flatMap(({ fix = "" }) => wrongCommands(fix))).toEqual([]);
    },
  );

  it("finds all well again once everything is mended", async () => {
    expect(notWell(await world.doctor())).toEqual([]);
    expect(world.simulator.problems).toEqual([]);
  });

  it("is told as text, as JSON and as Markdown, what is not well with what it means and what to do", async () => {
    const { optIn } = world.simulator.backup(SHOP, IRELAND);
    const mend = changed(schedule(world), { state: "DISABLED" });
    optIn.set("EBS", false);
    const findings = await world.doctor().finally(() => {
      mend();
      optIn.set("EBS", true);
    });
    const golden = (name: string) => `../golden/views/doctor${name}`;
    const textAt = (width: number): string => toTheMinute(doctorText(findings, { color: false, width }));
    await expect(textAt(80)).toMatchFileSnapshot(golden("-80.txt"));
    await expect(textAt(120)).toMatchFileSnapshot(golden("-120.txt"));
    await expect(toTheMinute(doctorMarkdown(findings))).toMatchFileSnapshot(golden(".md"));
    const json = JSON.parse(doctorJson(findings)) as { readonly findings: readonly Finding[] };
    expect(json).toMatchObject({ schema: "holdfast-doctor/1", wrong: 1, unknown: 0, warnings: 1 });
    expect(json.findings).toEqual(findings);
    expect(doctorExitCode(findings)).toBe(1);
  });

  it("says of what it may not read that it does not know, and which right it lacks: exit 4", async () => {
    const credentials = world.simulator.iam.putUser(HUB, "visitor", [
      { Statement: [{ Effect: "Allow", Action: ["sts:GetCallerIdentity"], Resource: "*" }] },
    ]);
    const findings = await world.doctor({ as: credentials, ask: false });
    expect(new Set(findings.map(({ health }) => health))).toEqual(new Set(["unknown"]));
    expect(findings[0]).toMatchObject({
      check: "schedule.exists",
      fix: expect.stringContaining("scheduler:ListSchedules"),
    });
    expect(doctorExitCode(findings)).toBe(4);
  });

  it("takes of its own account no more than infra/policies/doctor.json grants, and all of it", async () => {
    const { simulator } = world;
    const policy = doctorsPolicy(world);
    const from = simulator.calls.all().length;
    expect(notWell(await world.doctor({ as: simulator.iam.putUser(HUB, "engineer", [policy]) }))).toEqual([]);
    const calls = simulator.calls.all().slice(from);
    const used = new Set(
      calls.filter(({ principal }) => principal.endsWith("user/engineer")).flatMap(({ permissions }) => permissions),
    );
    const unused = policy.Statement.flatMap(({ Action }) => Action).filter((action) => !used.has(action));
    // This fleet names its accounts by their ids.
    expect(unused.filter((action) => !action.startsWith("organizations:"))).toEqual([]);
  });

  it("takes a bucket that is not there for that, and not for one without a policy or a lock", async () => {
    // A person at the console deletes it.
    const buckets = world.simulator.buckets as Map<string, ReturnType<typeof bucket>>;
    const evidence = bucket(world, BUCKETS.Evidence);
    buckets.delete(BUCKETS.Evidence);
    const findings = notWell(await world.doctor().finally(() => buckets.set(BUCKETS.Evidence, evidence)));
    const told = findings.filter(({ about }) => about.startsWith("evidence "));
    expect(told.map(({ check, health }) => [check, health])).toEqual([
      ["evidence.versioning", "unknown"],
      ["evidence.lock", "unknown"],
      ["evidence.transport", "unknown"],
      ["evidence.refusals", "unknown"],
      ["evidence.chain", "wrong"],
    ]);
    expect(told.at(-1)?.says).toContain(`There is no bucket ${BUCKETS.Evidence}`);
  });

  it("does not take a caller whom no member trusts for a member that trusts nobody", async () => {
    const findings = notWell(await world.doctor({ ask: false }));
    expect(findings.map(({ check, health, place }) => [check, health, place])).toEqual([
      ["route.secret", "unknown", undefined],
      ["account.entered", "unknown", VAULTS],
      ["account.entered", "unknown", SHOP],
    ]);
    expect(findings.map(({ fix }) => fix?.includes("--function"))).toEqual([true, true, true]);
  });

  it("looks at members itself where they let it in as a reader, and takes no other role for one", async () => {
    const reader = `arn:aws:iam::${HUB}:role/platform-team`;
    const mend = [HUB, SHOP, VAULTS].map((account) => letIn(account, reader)(world));
    try {
      const undeclared = notWell(await world.doctor());
      expect(undeclared.map(({ check, health, place }) => [check, health, place])).toEqual([
        ["role.trust", "wrong", VAULTS],
        ["role.trust", "wrong", SHOP],
      ]);
      mend.push(changed(controllerOf(world.simulator).environment, { HOLDFAST_READERS: reader }));
      expect(notWell(await world.doctor()), "by the controller").toEqual([]);
      const seen = notWell(await world.doctor({ as: readerIn(world), ask: false }));
      expect(
        seen.map(({ check, health }) => [check, health]),
        "by the reader",
      ).toEqual([["route.secret", "unknown"]]);
    } finally {
      mend.toReversed().forEach((undo) => undo());
    }
  });

  it("says what it could not check without the pinned keys at hand", async () => {
    const findings = notWell(await world.doctor({ pinned: false }));
    expect(findings.map(({ check, health }) => [check, health])).toEqual([
      ["desired.signature", "unknown"],
      ["evidence.keys", "unknown"],
    ]);
  });
});

describe("printed commands", () => {
  it.each([
    ["aws iam detach-role-policies --role-name a", "has no detach-role-policies"],
    ["aws sqs purge-queue --queue-arn a", "has no --queue-arn"],
    ["aws lambda put-function-concurrency with 1", "names nothing"],
    ["aws buckets list --region a", "no service buckets"],
  ])("that AWS does not know are found: %s", (text, wrong) => {
    expect(wrongCommands(`first ${text}, then go on`)).toEqual([expect.stringContaining(wrong)]);
  });
});

describe("holdfast doctor", () => {
  const run = async (region: string, ...flags: readonly string[]) => {
    const listening = await world.simulator.listen(0);
    try {
      const env = { AWS_ENDPOINT_URL: listening.endpoint, AWS_REGION: region };
      return await holdfast(["doctor", "-o", "json", ...flags], { env, as: ADMINISTRATOR });
    } finally {
      await listening.close();
    }
  };
  const checks = (out: string) => notWell((JSON.parse(out) as { readonly findings: readonly Finding[] }).findings);

  it("finds the installation by its schedule, and exits by the worst of what it found", async () => {
    const { code, out } = await run(IRELAND);
    expect(code).toBe(4);
    expect(checks(out).map(({ check, health }) => `${check} ${health}`)).toEqual([
      "desired.signature unknown",
      "evidence.keys unknown",
      "route.secret unknown",
      "account.entered unknown",
      "account.entered unknown",
    ]);
  });

  it("says so where it is told other settings than the controller has", async () => {
    const { out } = await run(IRELAND, "--work", "s3://acme-desired");
    expect(checks(out)).toContainEqual(
      expect.objectContaining({
        check: "function.settings",
        says: "its HOLDFAST_WORK is s3://acme-work, and doctor was given s3://acme-desired",
      }),
    );
  });

  it("says where there is none, and that it does not know what to look at: exit 1", async () => {
    const { code, out } = await run(FRANKFURT);
    expect(code).toBe(1);
    expect(checks(out).map(({ check, health }) => `${check} ${health}`)).toEqual([
      "settings.readable wrong",
      "schedule.exists wrong",
      "alarm.dead-man wrong",
    ]);
  });
});

describe("time that passes", () => {
  it("makes the next report overdue, and the lease of a dead run stale", async () => {
    const late = await installed();
    await late.time.clock.sleep(0);
    late.simulator.clock.advance(48 * 3_600_000);
    expect(notWell(await late.doctor())).toMatchObject([{ check: "evidence.due", health: "wrong" }]);
    await late.run();
    expect(notWell(await late.doctor())).toEqual([]);
  });
});
