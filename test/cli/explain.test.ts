import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { writesSince } from "../scenarios/telling.ts";
import { addRestoreJob } from "../simulator/backup/build.ts";
import { FRANKFURT, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { serve, type Served } from "./command-line.ts";

const arnOf = (table: string, account = SHOP): string => `arn:aws:dynamodb:${IRELAND}:${account}:table/${table}`;
const database = (name: string): string => `arn:aws:rds:${IRELAND}:${SHOP}:db:${name}`;
const DAY_MS = 86_400_000;

interface Told {
  readonly verdict: string;
  readonly because: readonly string[];
  readonly takers: readonly { readonly plan: string; readonly rules: readonly { readonly nextRun: string }[] }[];
  readonly near: readonly { readonly because: string }[];
  readonly declared: readonly { readonly manifest: { readonly line: number } }[];
  readonly vaults: readonly { readonly name: string; readonly copies: boolean; readonly lock: string }[];
  readonly outside: readonly string[];
  readonly jobs: { readonly failures: readonly { readonly message: string }[] };
  readonly tests: readonly unknown[];
  readonly needed: readonly { readonly what: string; readonly snippet?: { readonly text: string } }[];
  readonly policies: readonly {
    readonly kind: string;
    readonly standing?: { readonly is: string; readonly because: readonly string[] };
  }[];
  readonly unread: readonly string[];
}

interface PlanTold {
  readonly held: readonly { readonly key: { readonly kind: string }; readonly change?: { readonly id: string } }[];
  readonly coverageEffect?: { readonly lost: unknown };
}

describe("explain", () => {
  let s: Served;
  const shop = () => s.universe.simulator.backup(SHOP, IRELAND);
  const add = (table: string, tags: Readonly<Record<string, string>>) =>
    s.universe.simulator.addResource(SHOP, IRELAND, { arn: arnOf(table), type: "DynamoDB", tags, sizeBytes: 10 });
  const explain = (arn: string, ...argv: readonly string[]) => s.run(["explain", arn, ...argv]);
  const told = async (arn: string) => {
    const said = await explain(arn, "-o", "json");
    return { code: said.code, ...(JSON.parse(said.out) as Told) };
  };

  beforeAll(async () => {
    s = await serve({ files: PRODUCTION });
    await s.run(["reconcile"]);
    add("orders", { backup: "nightly" });
    add("sessions", { Backup: "Nightly" });
    add("carts", {});
    s.universe.simulator.clock.advance(2 * DAY_MS);
    const point = [...shop().vaults.get("nightly")!.points].find(({ resourceArn }) => resourceArn === arnOf("orders"))!;
    const planArn = `arn:aws:backup:${IRELAND}:${SHOP}:restore-testing-plan:monthly-1`;
    addRestoreJob(shop(), { point, testing: { planArn, validationWindowHours: 0 } });
  });
  afterAll(() => s[Symbol.asyncDispose]());

  it("says of what a plan takes in by which selection and rule, when it runs next, and where points and copies are", async () => {
    const before = s.universe.simulator.calls.all().length;
    const orders = await told(arnOf("orders"));
    expect(orders).toMatchObject({
      code: 0,
      verdict: "protected",
      takers: [
        { plan: "nightly", because: "its tag backup=nightly names it", manifest: { path: "plan.yaml", line: 15 } },
      ],
      vaults: [
        { name: "central", place: `${VAULTS}/${FRANKFURT}`, copies: true, lock: "open" },
        { name: "nightly", place: `${SHOP}/${IRELAND}`, copies: false, lock: "governance" },
      ],
      tests: [{ plan: "monthly", status: "PENDING", on: "2026-03-03T05:00:00.000Z" }],
      needed: [],
      unread: [],
    });
    expect(orders.takers[0]?.rules[0]?.nextRun).toBe("2026-03-04T03:00:00.000Z");
    expect(writesSince(s.universe, before)).toEqual([]);
  });

  it("points to the tag that differs in case, and gives the command that would mend it", async () => {
    const sessions = await told(arnOf("sessions"));
    expect(sessions).toMatchObject({ code: 2, verdict: "unprotected", vaults: [] });
    expect(sessions.near[0]?.because).toBe(
      "it wants the tag backup=nightly, and the resource has Backup=Nightly: every letter counts, case and spaces too",
    );
    expect(sessions.needed[0]?.snippet?.text).toBe(
      `aws resourcegroupstaggingapi tag-resources --region ${IRELAND} --resource-arn-list ${arnOf("sessions")} --tags backup=nightly`,
    );
  });

  it("says what keeps backups of it outside AWS Backup, by a finding's words, and counts none of it", async () => {
    const { simulator } = s.universe;
    simulator.addResource(SHOP, IRELAND, { arn: database("books"), type: "RDS", idle: true, ownBackupDays: 7 });
    simulator.addResource(SHOP, IRELAND, { arn: arnOf("wishes"), type: "DynamoDB", ownBackupDays: 7 });
    const books = await told(database("books"));
    expect(books).toMatchObject({ code: 2, verdict: "unprotected", unread: [] });
    expect(books.because.at(-1)).toBe("it is stopped");
    expect(books.outside).toEqual([
      "RDS keeps automated backups of it for 7 days, which are deleted with it unless whoever deletes it has them kept",
    ]);
    expect((await explain(database("books"))).out).toContain("Outside AWS Backup, which no policy counts\n  RDS keeps");
    expect((await told(arnOf("wishes"))).outside[0]).toMatch(
      /^DynamoDB's point-in-time recovery reaches back up to 7 days/,
    );
    const lift = simulator.faults.add({ operation: "DescribeContinuousBackups", effect: { kind: "deny" } });
    const denied = await told(arnOf("wishes"));
    lift();
    expect([denied.verdict, denied.outside]).toEqual(["unprotected", []]);
    expect(denied.unread.join("\n")).toContain("kept of it outside AWS Backup: dynamodb:DescribeContinuousBackups: ");
  });

  it("names a declared selection that is not live yet, and asks for nothing more", async () => {
    await s.write({
      ...PRODUCTION,
      "carts.yaml": `
apiVersion: holdfast/v1
kind: BackupSelection
metadata: { name: carts }
spec:
  targets: { groups: [production] }
  plan: nightly
  iamRoleArn: arn:\${partition}:iam::\${account}:role/service-role/AWSBackupDefaultServiceRole
  resources: ["${arnOf("carts")}"]
`,
    });
    const carts = await told(arnOf("carts"));
    expect(carts).toMatchObject({
      code: 2,
      declared: [{ selection: "carts", manifest: { path: "carts.yaml" } }],
      needed: [],
    });
    await s.write(PRODUCTION);
  });

  it("asks for an opt-in where only that is wanting", async () => {
    shop().optIn.set("DynamoDB", false);
    const orders = await told(arnOf("orders"));
    expect(orders).toMatchObject({ code: 2, verdict: "unprotected" });
    expect(orders.near[0]?.because).toContain("the Region has not opted in to DynamoDB");
    expect(orders.needed[0]?.snippet?.text).toContain("kind: RegionSettings");
    shop().optIn.set("DynamoDB", true);
  });

  it("tells the last failures with AWS's message, and keeps to the verdict that the points give", async () => {
    const central = s.universe.simulator.backup(VAULTS, FRANKFURT).vaults.get("central");
    if (!central) throw new Error("there is no central vault");
    const { accessPolicy } = central;
    central.accessPolicy = undefined;
    s.universe.simulator.clock.advance(DAY_MS);
    const orders = await told(arnOf("orders"));
    expect(orders).toMatchObject({ code: 0, jobs: { failures: [{ kind: "copy", state: "FAILED" }] } });
    expect(orders.jobs.failures[0]?.message).toContain("Access Denied");
    central.accessPolicy = accessPolicy;
  });

  it.each([
    ["selections", "ListBackupSelections", "plans and selections: backup:ListBackupSelections"],
    ["its tags", "GetResources", "its tags: tag:GetResources"],
    ["points", "ListRecoveryPointsByBackupVault", "recovery points in vault "],
  ])(
    "says that nobody can tell where %s cannot be read, and never that there are none",
    async (_what, operation, says) => {
      const lift = s.universe.simulator.faults.add({ operation, effect: { kind: "deny" } });
      const orders = await told(arnOf("orders"));
      lift();
      expect([orders.verdict, orders.code, orders.needed]).toEqual(["unknown", 4, []]);
      expect(orders.unread.join("\n")).toContain(says);
    },
  );

  describe("what a CoveragePolicy asks", () => {
    const asking = (more = "") => ({
      ...PRODUCTION,
      "coverage.yaml": `
apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec:
  targets: { groups: [production] }
  match: { resources: ["arn:*:table/*"] }
  rpo: 30h
  ${more}
`,
    });
    const standing = async (table: string, ...argv: readonly string[]) => {
      const said = await explain(arnOf(table), "-o", "json", ...argv);
      return (JSON.parse(said.out) as Told).policies.find(({ kind }) => kind === "CoveragePolicy")?.standing;
    };
    afterAll(() => s.write(PRODUCTION));

    it("is met by points that are young enough, and else told with what is wanting", async () => {
      await s.write(asking());
      expect(await standing("orders")).toEqual({ is: "met", because: [] });
      expect(await standing("carts")).toEqual({
        is: "breached",
        because: ["there is no usable recovery point of it, and every-day asks for one every 30h"],
      });
      expect((await explain(arnOf("orders"))).out).toMatch(/CoveragePolicy every-day \(coverage\.yaml:\d+, \w+\): met/);
      await s.write(asking("immutable: either"));
      const unlocked = await standing("orders");
      expect(unlocked).toMatchObject({ is: "breached" });
      expect(unlocked?.because[0]).toContain("no recovery point of it lies where nobody can delete it");
      const said = await explain(arnOf("orders"));
      expect(said.out).toContain("PROTECTED, AND NOT AS ITS POLICY ASKS\n");
      expect(said.out).toContain("- CoveragePolicy every-day is not met\n");
      expect(said.code).toBe(2);
    });

    it("is not due yet of what is younger than that, if a plan takes it in, as runs count it", async () => {
      await s.write(asking());
      add("fresh", { backup: "nightly" });
      add("stray", {});
      expect(await standing("fresh")).toEqual({ is: "notYetDue", because: [] });
      expect(await standing("stray")).toMatchObject({ is: "breached" });
      expect((await explain(arnOf("fresh"))).out).toMatch(/: not\s+due\s+yet,\s+since\s+it\s+is\s+younger/);
      s.universe.simulator.removeResource(SHOP, IRELAND, arnOf("fresh"));
    });

    it.each([
      ["points", "ListRecoveryPointsByBackupVault"],
      ["vaults", "ListBackupVaults"],
      ["whether it is there", "DescribeTable"],
    ])("is never said to be missing where nobody may read %s", async (_what, operation) => {
      await s.write(asking());
      const lift = s.universe.simulator.faults.add({ operation, effect: { kind: "deny" } });
      const carts = await standing("carts");
      lift();
      expect(carts).toEqual({ is: "unknown", because: [] });
    });

    it("is never said to be missing by who looks at one account alone", async () => {
      await s.write(asking());
      expect(await standing("carts", "--account", SHOP)).toEqual({ is: "unknown", because: [] });
      const said = (await explain(arnOf("carts"), "--account", SHOP)).out;
      expect(said).toContain("- whether there are recovery points of it cannot be told\n");
      expect(said).toMatch(/more of the fleet's accounts and Regions: the run was\s+told\s+to\s+leave\s+them\s+out/);
    });
  });

  it.each([60, 110])("fits %i columns, and needs no colour", async (width) => {
    const plain = (await s.run(["explain", arnOf("orders")], { width })).out;
    const coloured = (await s.run(["explain", arnOf("orders")], { width, color: true })).out;
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    const tooLong = plain.split("\n").filter((line) => line.length > width && /\S\s+\S/.test(line.trim()));
    expect(tooLong.filter((line) => !/^\s*\S*arn:\S*$/.test(line))).toEqual([]);
    expect(plain).toMatch(/^PROTECTED$/m);
  });

  it("says of a change what it is, who would lose protection by it, what holds it and since when", async () => {
    await s.write({ ...PRODUCTION, "plan.yaml": PRODUCTION["plan.yaml"].replace("value: nightly", "value: never") });
    const plan = await s.run(["plan", "-o", "json"]);
    const { held, coverageEffect } = JSON.parse(plan.out) as PlanTold;
    const id = held.find(({ key }) => key.kind === "selection")?.change?.id ?? "";
    expect(coverageEffect?.lost).toMatchObject({ count: 1, first: [{ arn: arnOf("orders"), type: "DynamoDB" }] });
    expect((await s.run(["reconcile"])).out).toContain("1 resource would be taken in by no plan any more");
    const said = await s.run(["explain", id]);
    expect([said.code, said.err]).toEqual([3, ""]);
    expect(said.out).toContain("replace selection nightly/tagged, held: needs-approval");
    expect(said.out).toContain(
      `released by: a manifest that says what is live, or \`holdfast approve ${id}\`, committed`,
    );
    expect(said.out).toContain("1 resource would be taken in by no plan any more");
    expect(said.out).toMatch(
      /report 2, 2026-\S+ \S+ UTC: held, needs-approval: listOfTags: the change weakens protection/,
    );
    const wrong = await s.run(["explain", id.replace(/..$/, id.endsWith("aa") ? "bb" : "aa")]);
    expect([wrong.code, wrong.out]).toEqual([1, ""]);
    expect(wrong.err).toContain(`did you mean ${id}?`);
    await s.write(PRODUCTION);
  });

  it.each([
    ["what is no ARN", "orders", "orders is neither an ARN"],
    ["a backup's ARN", `arn:aws:ec2:${IRELAND}::snapshot/snap-1`, "it is a backup itself"],
    ["a table's own backup", `${arnOf("orders")}/backup/01547087347000-c8b6kdk3`, "it is a backup itself"],
    ["a recovery point", `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:1eb3`, "it is a backup itself"],
    ["a vault", `arn:aws:backup:${IRELAND}:${SHOP}:backup-vault:nightly`, "it is a vault; give"],
    ["a plan", `arn:aws:backup:${IRELAND}:${SHOP}:backup-plan:1eb3`, "it is a plan; give"],
    [
      "an account of thirteen digits",
      arnOf("orders", "1234567891112"),
      "account 1234567891112, and accounts have twelve",
    ],
    ["another partition", arnOf("orders").replace("aws", "aws-cn"), `says aws-cn, and ${IRELAND} is in aws:`],
    [
      "a type that AWS Backup does not know",
      `arn:aws:lambda:${IRELAND}:${SHOP}:function:f`,
      "AWS Backup protects nothing of the form",
    ],
    ["another account", arnOf("orders", "999900001111"), "is in no account that fleet"],
    ["a bucket that nobody has", "arn:aws:s3:::nowhere", "says that bucket nowhere is its own: look at its name"],
  ])("refuses %s, and says what to give", async (_what, arn, says) => {
    const said = await explain(arn);
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(says);
  });

  it("tells which accounts could not be asked for a bucket, and says once what failed alike", async () => {
    const lift = s.universe.simulator.faults.add({ operation: "AssumeRole", effect: { kind: "deny" } });
    const bucket = await explain("arn:aws:s3:::nowhere");
    const orders = await told(arnOf("orders"));
    lift();
    expect(bucket.err).toContain(
      `is its own: it may be of ${VAULTS}, ${SHOP}, which could not be asked; of the first, sts:AssumeRole: `,
    );
    expect(orders.unread.filter((one) => one.includes(`arn:aws:iam::${SHOP}:role/`))).toHaveLength(1);
    expect(orders.unread[0]).toMatch(/^whether it is there, its tags, the Region's opt-ins, plans and selections, /);
  });

  it("refuses what something else is backed up in the stead of, and what the run was told to leave out", async () => {
    const arn = database("books-1");
    s.universe.simulator.addResource(SHOP, IRELAND, { arn, type: "RDS", inCluster: "books" });
    expect((await explain(arn)).err).toContain(`AWS Backup does not back up ${arn} itself, but the cluster books`);
    expect((await explain(arnOf("orders"), "--account", VAULTS)).err).toContain("that this run was told to leave out");
  });
});
