import { describe, expect, it } from "vitest";
import { testedOf } from "../../controller/attest/memory/lists.ts";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { hubOf } from "../events/hub.ts";
import { BUCKETS, HUB, IRELAND, SHOP, universe, type Universe, type UniverseOptions } from "../support/universe.ts";
import { mark, operationsOf, told, writesSince, type Told } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const VALIDATOR = `arn:aws:lambda:${IRELAND}:${SHOP}:function:holdfast-validator-volumes`;
const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-0aa11bb22cc33dd44`;

interface Asked {
  readonly schedule?: string;
  readonly validated?: boolean;
  readonly windowHours?: number;
  readonly owner?: string;
  readonly rto?: string;
}

/** One account in one Region: all that restore tests ever look at. */
const FLEET = `
apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  accounts: { ids: ["${SHOP}"] }
  regions: [${IRELAND}]
  externalId: holdfast
  management: enforce
  ownership: { tags: [owner, team] }
  groups:
    production: {}
  guardrails: { budget: { perTarget: 5, perRun: 5, percent: 100 } }
`;

/** Tests of volumes: once, on the first of April at four, unless said otherwise. */
const restoreTests = ({
  schedule = "cron(0 4 1 4 ? 2026)",
  validated = true,
  windowHours = 6,
  owner = "platform",
  rto = "15m",
}: Asked = {}) => ({
  "fleet.yaml": FLEET,
  "tests.yaml": `
apiVersion: holdfast/v1
kind: RestoreTestingPlan
metadata: { name: volumes }
spec:
  targets: { groups: [production] }
  scheduleExpression: ${schedule}
  recoveryPointSelection:
    algorithm: LATEST_WITHIN_WINDOW
    recoveryPointTypes: [SNAPSHOT]
    includeVaults: ["*"]
    selectionWindowDays: 60
  every: 90d
  rto: ${rto}
${validated ? `  onRestored: { function: "arn:\${partition}:lambda:\${region}:\${account}:function:holdfast-validator-volumes", deadline: 3h }` : ""}
  selections:
    - name: all
      protectedResourceType: EBS
      iamRoleArn: arn:\${partition}:iam::\${account}:role/restore-tests
      validationWindowHours: ${windowHours}
  tags: { owner: ${owner} }
`,
});

interface Shop extends Pick<Universe, "simulator" | "run" | "commit"> {
  readonly universe: Universe;
  /** What validators were asked, in order. */
  readonly asked: unknown[];
  readonly pass: (ms: number) => void;
  /** What the validator says from now on. */
  readonly answer: (answers: (payload: string) => unknown) => void;
}

/** A shop with one volume, which was backed up on the first of March, and a validator that says what it is given to say. */
function shop(asking: Asked, answers: (payload: string) => unknown, options: Partial<UniverseOptions> = {}): Shop {
  const u = universe({ files: restoreTests(asking), accounts: [HUB, SHOP], regions: [IRELAND], ...options });
  const { simulator } = u;
  const state = simulator.backup(SHOP, IRELAND);
  simulator.iam.putRole(SHOP, {
    name: "restore-tests",
    trust: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  });
  simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS", sizeBytes: 0, tags: { team: "orders" } });
  addVault(state, { name: "main" });
  addRecoveryPoint(state, {
    vault: "main",
    resourceArn: VOLUME,
    resourceType: "EBS",
    creationDate: simulator.clock.now(),
    status: "COMPLETED",
    lifecycle: {},
    sizeBytes: 0,
  });
  const asked: unknown[] = [];
  let answer = answers;
  simulator.lambda(SHOP, IRELAND).functions.set(VALIDATOR, {
    version: "$LATEST",
    durable: false,
    answers: (payload) => {
      asked.push(JSON.parse(payload));
      return answer(payload);
    },
  });
  return {
    universe: u,
    simulator,
    run: u.run,
    commit: u.commit,
    asked,
    pass: (ms) => simulator.clock.advance(ms),
    answer: (next) => void (answer = next),
  };
}

const jobsOf = ({ simulator }: Pick<Universe, "simulator">) =>
  [...simulator.backup(SHOP, IRELAND).restoreJobs].map(({ view }) => view);
const causesOf = ({ report }: Told) => report.resources.flatMap(({ finding }) => finding?.cause ?? []);
/** From the first of March, five o'clock, to twenty past four on the first of April: the restore is done by then. */
const TO_THE_TEST = 31 * DAY_MS - HOUR_MS + 20 * 60_000;

const SUCCESSFUL = () => ({ status: "SUCCESSFUL", message: "mounted" });

describe("restore tests that a manifest declares", () => {
  it("are run by AWS Backup, looked at by their validator once, and remembered when AWS has forgotten them", async () => {
    const u = shop({}, SUCCESSFUL);
    expect(told(await u.run()).result).toBe("CORRECTED");
    const plan = u.simulator.backup(SHOP, IRELAND).restoreTestingPlans.get("volumes");
    expect(plan?.tags).toMatchObject({ "holdfast:fleet": "acme", owner: "platform" });
    expect([...(plan?.selections ?? [])]).toMatchObject([{ name: "all", type: "EBS", validationWindowHours: 6 }]);

    u.pass(TO_THE_TEST);
    const from = mark(u);
    const tested = told(await u.run());
    expect(operationsOf(writesSince(u, from))).toEqual(["PutRestoreValidationResult"]);
    const [job] = jobsOf(u);
    expect(u.asked).toEqual([
      {
        version: 1,
        run: "run-2",
        jobId: job?.RestoreJobId,
        plan: "volumes",
        selection: "all",
        resourceType: "EBS",
        recoveryPointArn: job?.RecoveryPointArn,
        sourceResourceArn: VOLUME,
        createdResourceArn: job?.CreatedResourceArn,
        deadline: "2026-04-01T07:06:00.000Z",
      },
    ]);
    expect(job).toMatchObject({ ValidationStatus: "SUCCESSFUL", ValidationStatusMessage: "mounted" });
    expect(tested.report.actions.map(({ operation }) => operation)).toEqual([
      "lambda:InvokeFunction",
      "backup:PutRestoreValidationResult",
    ]);

    u.pass(40 * DAY_MS);
    const later = told(await u.run());
    expect(jobsOf(u), "AWS has forgotten").toEqual([]);
    expect([u.asked.length, causesOf(later)]).toEqual([1, []]);
    for (const { text } of [tested, later])
      expect(text).toContain(`EBS by volumes in ${SHOP}/${IRELAND}: last 6 min on 2026-04-01, 15 min allowed`);
    u.pass(55 * DAY_MS);
    expect(causesOf(told(await u.run()))).toEqual(["restore-untested"]);
  });

  it("change with their manifest, and go with it where somebody agrees: what is tested less is a weakening", async () => {
    const u = shop({}, SUCCESSFUL);
    await u.run();
    u.commit(restoreTests({ owner: "data", windowHours: 8 }));
    expect(told(await u.run()).result).toBe("CORRECTED");
    const state = u.simulator.backup(SHOP, IRELAND);
    expect(state.restoreTestingPlans.get("volumes")?.tags["owner"]).toBe("data");
    u.commit(restoreTests({ owner: "data", windowHours: 8, schedule: "cron(0 4 1 * ? *)" }));
    expect(told(await u.run()).result, "oftener").toBe("CORRECTED");
    u.commit({ "fleet.yaml": FLEET });
    const { report } = told(await u.run());
    expect(report.held.map(({ reason }) => reason)).toEqual(["needs-approval", "needs-approval"]);
    u.commit({
      "fleet.yaml": FLEET,
      "approval.yaml": `
apiVersion: holdfast/v1
kind: Approval
metadata: { name: no-more-tests }
spec:
  changes: [${report.held.map(({ change }) => change).join(", ")}]
  reason: the shop is closed
  expires: 2026-03-20
`,
    });
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(state.restoreTestingPlans.size).toBe(0);
  });
});

describe("a validator", () => {
  it("that fails is asked again, until its deadline: then the test is put down as timed out, and never as a success", async () => {
    const u = shop({}, () => {
      throw new Error("no route to the database");
    });
    await u.run();
    u.pass(TO_THE_TEST);
    const first = told(await u.run());
    expect(causesOf(first)).toEqual(["validation-due"]);
    expect(first.report.changes.map(({ result }) => result)).toEqual(["skipped"]);
    u.pass(HOUR_MS);
    await u.run();
    expect([u.asked.length, jobsOf(u)[0]?.ValidationStatus]).toEqual([2, "VALIDATING"]);
    u.pass(2 * HOUR_MS);
    const late = told(await u.run());
    expect(u.asked, "nobody is asked after the deadline").toHaveLength(2);
    expect(jobsOf(u)).toMatchObject([{ ValidationStatus: "TIMED_OUT" }]);
    u.pass(DAY_MS);
    const after = told(await u.run());
    expect([causesOf(late), causesOf(after)]).toEqual([["validation-overdue"], ["validation-overdue"]]);
    u.pass(40 * DAY_MS);
    const forgotten = told(await u.run());
    expect([jobsOf(u), causesOf(forgotten)], "AWS has forgotten").toEqual([[], ["validation-overdue"]]);
    expect(forgotten.report.concerns?.resolved).toBe(0);
    u.pass(49 * DAY_MS);
    expect(causesOf(told(await u.run()))).toEqual(["restore-untested"]);
  });

  it("that goes on by itself is not asked again, in an event's run either, and its own word counts", async () => {
    const u = shop({}, () => ({ status: "PENDING" }));
    await u.run();
    u.pass(TO_THE_TEST);
    const scope = { targets: [{ account: SHOP, region: IRELAND }] } as never;
    await u.run({ trigger: "event", scope });
    u.pass(HOUR_MS);
    const second = told(await u.run({ trigger: "event", scope }));
    expect([u.asked.length, causesOf(second)]).toEqual([1, []]);
    const RestoreJobId = jobsOf(u)[0]?.RestoreJobId;
    const said = {
      RestoreJobId,
      ValidationStatus: "FAILED",
      ValidationStatusMessage: "the newest order is a year old",
    };
    u.simulator.operator(SHOP, IRELAND)("backup", "PutRestoreValidationResult", said);
    const after = told(await u.run());
    expect(causesOf(after)).toEqual(["validation-failed"]);
    expect(after.text).toContain("the newest order is a year old");
  });
});

describe("events of restore jobs, through the hub's queue", () => {
  /** Until the job has ended and AWS Backup has told of it: twice, late, and in any order. */
  async function heard(answers: () => unknown) {
    const u = shop({}, answers, { events: true });
    await u.run();
    const hub = hubOf(u.universe);
    u.pass(TO_THE_TEST - HOUR_MS);
    await u.universe.events.deliver(hub.take);
    Object.assign(u.simulator.eventBridge.delivery, { doubled: 1, lateBySeconds: 900, shuffled: true });
    const bodies: string[] = [];
    const take: typeof hub.take = (event) => {
      bodies.push(...event.Records.map(({ body }) => body));
      return hub.take(event);
    };
    return { u, hub, bodies, listen: () => u.universe.events.deliver(take, 2 * 3600) };
  }

  it("have its validator asked once, however often they come", async () => {
    const { u, hub, bodies, listen } = await heard(SUCCESSFUL);
    const from = mark(u);
    await listen();
    expect(bodies.filter((body) => /Restore Job.*"COMPLETED"/.test(body)).length).toBeGreaterThan(1);
    expect(u.asked).toHaveLength(1);
    expect(operationsOf(writesSince(u, from))).toEqual(["PutRestoreValidationResult"]);
    expect(jobsOf(u)).toMatchObject([{ ValidationStatus: "SUCCESSFUL", ValidationStatusMessage: "mounted" }]);
    expect(hub.reports().map(({ report }) => report.run.trigger)).toContain("event");
    expect(u.universe.events.waiting()).toEqual([]);
  });

  it("leave a validator that failed, or answers late, to the sweep, and one that puts the result itself to that", async () => {
    const { u, hub, listen } = await heard(() => {
      throw new Error("no route to the database");
    });
    await listen();
    expect([u.asked.length, jobsOf(u)[0]?.ValidationStatus]).toEqual([hub.reports().length, "VALIDATING"]);
    u.answer(SUCCESSFUL);
    const late = u.simulator.faults.add({ operation: "Invoke", effect: { kind: "lose" } });
    await u.run();
    late();
    const asked = u.asked.length;
    expect([asked, jobsOf(u)[0]?.ValidationStatus]).toEqual([hub.reports().length + 1, "VALIDATING"]);
    const put = u.simulator.operator(SHOP, IRELAND);
    u.answer(() => {
      put("backup", "PutRestoreValidationResult", {
        RestoreJobId: jobsOf(u)[0]?.RestoreJobId,
        ValidationStatus: "FAILED",
        ValidationStatusMessage: "no orders in it",
      });
      return { status: "SUCCESSFUL" };
    });
    const swept = told(await u.run());
    expect([u.asked.length, jobsOf(u)[0]?.ValidationStatus]).toEqual([asked + 1, "FAILED"]);
    expect(swept.report.changes).toMatchObject([{ result: "skipped", because: expect.stringContaining("any more") }]);
    const after = told(await u.run());
    expect(after.report.resources.map(({ finding }) => [finding?.cause, finding?.owner])).toEqual([
      ["validation-failed", "orders"],
    ]);
  });
});

describe("what restore tests leave and do not leave", () => {
  it("is told a day after its window, and the time that they took against what they may", async () => {
    const u = shop({ validated: false, windowHours: 0, rto: "5m" }, SUCCESSFUL);
    u.simulator.backup(SHOP, IRELAND).uncleanable.add("EBS");
    await u.run();
    u.pass(TO_THE_TEST + DAY_MS);
    const run = told(await u.run());
    expect(causesOf(run).toSorted()).toEqual(["restore-leftover", "rto-missed"]);
    expect(run.report.restoreTests).toMatchObject([{ rtoSeconds: 360, rtoTargetSeconds: 300, rtoMet: false }]);
    const { CreatedResourceArn = "" } = jobsOf(u)[0] ?? {};
    expect(u.simulator.resources(SHOP, IRELAND).has(CreatedResourceArn)).toBe(true);
    u.simulator.removeResource(SHOP, IRELAND, CreatedResourceArn);
    expect(causesOf(told(await u.run()))).toEqual(["rto-missed"]);
  });

  it("is unknown where jobs could not be read: never untested for want of a listing, and nothing remembered is lost", async () => {
    const u = shop({ validated: false }, SUCCESSFUL);
    await u.run();
    u.pass(TO_THE_TEST + HOUR_MS);
    await u.run();
    u.pass(95 * DAY_MS);
    u.simulator.faults.add({ operation: "ListRestoreJobs", account: SHOP, effect: { kind: "deny" } });
    const blind = told(await u.run());
    expect([blind.result, causesOf(blind)]).toEqual(["INCOMPLETE", []]);
    const { objects } = u.simulator.bucket(BUCKETS.evidence);
    const remembered = await testedOf(blind.report, async (sha256) => {
      const stored = objects.get(`v1/${blind.report.chain.id}/attachments/${sha256}`)?.at(-1);
      return stored && "body" in stored ? stored.body : undefined;
    });
    expect(remembered).toMatchObject([{ plan: "volumes", type: "EBS", lastSuccessOn: "2026-04-01T04:06:00.000Z" }]);
  });
});
