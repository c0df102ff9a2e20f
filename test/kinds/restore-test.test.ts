import { EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../controller/domain/change.ts";
import { type TestedClass, testingPlanName } from "../../controller/domain/tested.ts";
import { readAnswer } from "../../controller/kinds/restore-test/contract.ts";
import { toRow } from "../../controller/kinds/restore-test/row.ts";
import { timeOut, validate } from "../../controller/kinds/restore-test/validate.ts";
import { validatorWith } from "../../desired-state/sample-validator.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { shuffled } from "../support/json.ts";
import { answering, refuse, target } from "./answers.ts";
import { ago, causes, type Given, HOUR, NOW, remembered, row, settled, spec } from "./restore-facts.ts";

describe("a restore test", () => {
  it.each<readonly [string, Given, readonly string[]]>([
    ["awaits its validator", { rows: [row()] }, ["validation-due"]],
    ["is not asked about twice", { rows: [row()], memory: { handed: new Set(["job-1"]) } }, []],
    [
      "is overdue after its deadline",
      { rows: [row({ createdOn: ago(3), endedOn: ago(2.8) })] },
      ["validation-overdue"],
    ],
    ["is nobody's here where no validator is declared", { rows: [row()], rule: spec({ onRestored: undefined }) }, []],
    ["is done where it was validated", { rows: [row({ validation: "SUCCESSFUL" })] }, []],
    ["is failed by its validator", { rows: [row({ validation: "FAILED" })] }, ["validation-failed"]],
    ["was not validated in time", { rows: [row({ validation: "TIMED_OUT" })] }, ["validation-overdue"]],
    [
      "was not restored",
      { rows: [row({ status: "FAILED", created: undefined, validation: undefined })] },
      ["restore-test-failed"],
    ],
    [
      "is made up for by a later one of the same resource",
      {
        rows: [
          row({ jobId: "job-0", createdOn: ago(40), endedOn: ago(39), status: "ABORTED", validation: undefined }),
          row({ validation: "SUCCESSFUL" }),
        ],
      },
      [],
    ],
    ["took too long", { rows: [row({ createdOn: ago(2), validation: "SUCCESSFUL" })] }, ["rto-missed"]],
    ["of another plan is none of ours", { rows: [row({ plan: "theirs", validation: "FAILED" })] }, []],
    [
      "under way says nothing yet",
      { rows: [row({ status: "RUNNING", endedOn: undefined, validation: undefined })] },
      [],
    ],
  ])("%s", (_, given, expected) => {
    expect(causes(given)).toEqual(expected);
  });

  it("comes to the same in any order of jobs, and told twice", () => {
    const rows = [1, 2, 3, 4].map((n) =>
      row({ jobId: `job-${n}`, createdOn: ago(n * 30), endedOn: ago(n * 30 - 0.2), validation: "SUCCESSFUL" }),
    );
    const { tested, findings } = settled({ rows });
    expect(settled({ rows: shuffled(rows) as typeof rows })).toMatchObject({ tested, findings });
    const [known] = tested ?? [];
    expect(settled({ rows, memory: remembered(known!) }).tested).toEqual(tested);
    expect(known?.restores.map(({ seconds, passed }) => [seconds, passed])).toEqual(rows.map(() => [720, true]));
  });
});

describe("a class that restores are tested of", () => {
  const long = { lastSuccessOn: "2026-02-01T00:00:00.000Z" } as Partial<TestedClass>;
  it.each<readonly [string, Given, readonly string[]]>([
    [
      "is untested where the last success is too long ago",
      { rows: [], memory: remembered(long) },
      ["restore-untested"],
    ],
    ["is not where the listing broke off", { rows: [], memory: remembered(long), status: "incomplete" }, []],
    [
      "is not where nobody knew the policy for so long",
      { rows: [], memory: { knownSince: () => new Date(ago(24)) } },
      [],
    ],
    [
      "is where nobody ever succeeded",
      { rows: [], memory: { knownSince: () => new Date(ago(91 * 24)) } },
      ["restore-untested"],
    ],
    ["is not on a first run, which knows nothing", { rows: [] }, []],
  ])("%s", (_, given, expected) => {
    expect(causes(given)).toEqual(expected);
  });
});

describe("what a restore test made", () => {
  const made = row().created!;
  const old = row({ createdOn: ago(39.2), endedOn: ago(39), validation: "SUCCESSFUL" });
  it.each<readonly [string, Given, readonly string[]]>([
    ["is left over a day after its window", { rows: [old], restored: [made] }, ["restore-leftover"]],
    ["is not yet, within it", { rows: [row({ validation: "SUCCESSFUL" })], restored: [made] }, []],
    [
      "is, where AWS could not delete it",
      { rows: [row({ validation: "SUCCESSFUL", deletion: "FAILED" })], restored: [made] },
      ["restore-leftover"],
    ],
    [
      "is of a job of a plan that no manifest declares, whose window is not known",
      {
        rows: [row({ plan: "theirs", createdOn: ago(191), endedOn: ago(190), validation: "SUCCESSFUL" })],
        restored: [made],
      },
      [],
    ],
    [
      "is, of that, once the longest is over",
      {
        rows: [row({ plan: "theirs", createdOn: ago(201), endedOn: ago(200), validation: "SUCCESSFUL" })],
        restored: [made],
      },
      ["restore-leftover"],
    ],
    [
      "may go with what an open test made, as an instance's volumes do",
      {
        rows: [row({ validation: "SUCCESSFUL" })],
        restored: [`${made}0`],
      },
      [],
    ],
    ["is of a forgotten job", { rows: [], restored: [made] }, ["restore-leftover"]],
    [
      "may be of a job under way",
      {
        rows: [row({ status: "RUNNING", endedOn: undefined, created: undefined, validation: undefined })],
        restored: [made],
      },
      [],
    ],
    ["may be of a job that was not read", { rows: [], restored: [made], status: "incomplete" }, []],
    ["is not told where tags cannot be read", { rows: [old], restored: "denied" }, []],
  ])("%s", (_, given, expected) => {
    expect(causes(given)).toEqual(expected);
  });

  it("is in doubt where tags cannot be read", () => {
    expect(settled({ rows: [old], restored: "denied" }).doubt).toMatchObject({ kind: "denied" });
  });
});

describe("a validator's answer", () => {
  it.each([
    [undefined, '{"status":"SUCCESSFUL","message":"mounted"}', { status: "SUCCESSFUL", message: "mounted" }],
    [undefined, '{"status":"PENDING","later":true}', { status: "PENDING" }],
    [undefined, '{"status":"SUCCESSFUL","message":null}', { status: "SUCCESSFUL" }],
    // Half of a character at the end of what is kept, or in the answer itself, would have no UTF-8.
    [
      undefined,
      `{"status":"FAILED","message":"${"x".repeat(999)}\u{1F600}"}`,
      { status: "FAILED", message: `${"x".repeat(999)}\uFFFD` },
    ],
    [undefined, '{"status":"FAILED","message":"\\ud83d"}', { status: "FAILED", message: "\uFFFD" }],
    [
      undefined,
      `{"status":"FAILED","message":"${"x".repeat(2_000)}"}`,
      { status: "FAILED", message: "x".repeat(1_000) },
    ],
  ])("is read: %s %#", (error, payload, expected) => {
    expect(readAnswer(error, payload)).toEqual(expected);
  });

  it.each([
    [undefined, undefined],
    [undefined, ""],
    [undefined, "null"],
    [undefined, "SUCCESSFUL"],
    [undefined, '{"status":"successful"}'],
    [undefined, '{"status":"TIMED_OUT"}'],
    ["Unhandled", '{"status":"SUCCESSFUL"}'],
  ])("is none: %s %s", (error, payload) => {
    expect(readAnswer(error, payload)).toHaveProperty("unusable");
  });
});

describe("asking a validator", () => {
  const [finding] = settled({ rows: [row()] }).findings;
  const context = { token: "t", run: "run-1", now: NOW, elsewhere: () => answering({}).call };
  const payload = (text: string) => ({ StatusCode: 200, Payload: new TextEncoder().encode(text) });
  const ask = async (answer: () => unknown, over: Partial<typeof context> = {}, put: () => unknown = () => ({})) => {
    const { call, names } = answering({ "lambda:InvokeFunction": answer, PutRestoreValidationResult: put });
    return [await validate(call, target, finding as Finding, { ...context, ...over }), names()] as const;
  };

  it("puts what it says, and nothing that it does not say", async () => {
    expect(await ask(() => payload('{"status":"FAILED"}'))).toEqual([
      "updated",
      ["lambda:InvokeFunction", "PutRestoreValidationResult"],
    ]);
    expect(await ask(() => payload('{"status":"PENDING"}'))).toEqual(["accepted", ["lambda:InvokeFunction"]]);
    const [none, asked] = await ask(() => payload("no"));
    const refused = await ask(
      () => payload('{"status":"SUCCESSFUL"}'),
      {},
      () => refuse("invalid"),
    );
    expect(refused[0]).toEqual({ held: expect.stringContaining("any more") });
    await expect(
      ask(
        () => payload('{"status":"SUCCESSFUL"}'),
        {},
        () => refuse("denied"),
      ),
    ).rejects.toThrow("denied");
    expect([none, asked]).toEqual([{ held: expect.stringContaining("gave no verdict") }, ["lambda:InvokeFunction"]]);
  });

  it("is not done after the deadline, and what AWS refuses or does not answer is thrown on", async () => {
    const [late, names] = await ask(() => payload("{}"), { now: new Date(NOW.getTime() + 2 * HOUR) });
    expect([late, names]).toEqual([{ held: expect.stringContaining("deadline") }, []]);
    for (const kind of ["denied", "throttled", "unanswered", "missing"] as const)
      await expect(ask(() => refuse(kind))).rejects.toMatchObject({ failure: { kind } });
  });

  it("is given up by saying so on the job", async () => {
    const [overdue] = settled({ rows: [row({ createdOn: ago(4), endedOn: ago(3.9) })] }).findings;
    const { call, sent } = answering({ PutRestoreValidationResult: () => ({}) });
    expect(await timeOut(call, target, overdue!)).toBe("updated");
    expect(sent).toEqual([
      ["PutRestoreValidationResult", expect.objectContaining({ RestoreJobId: "job-1", ValidationStatus: "TIMED_OUT" })],
    ]);
  });
});

describe("a restore job as AWS tells it", () => {
  it("is no test where a person started it, whatever empty struct it has", () => {
    expect(toRow({ RestoreJobId: "1", CreationDate: NOW, CreatedBy: {} })).toBeUndefined();
    const RestoreTestingPlanArn = "arn:aws:backup:eu-west-1:444455556666:restore-testing-plan:monthly_all-1b2c";
    expect(toRow({ RestoreJobId: "1", CreationDate: NOW, CreatedBy: { RestoreTestingPlanArn } })?.plan).toBe(
      "monthly_all",
    );
    expect(testingPlanName("arn:aws:backup:eu-west-1:444455556666:backup-plan:1")).toBe("");
  });
});

describe("the sample validator", () => {
  it("finds a restored volume good, and says what is wrong with one that is not there", async () => {
    const simulator = createSimulator({
      hubAccount: "444455556666",
      accounts: [{ id: "444455556666", name: "shop" }],
      regions: ["eu-west-1"],
    });
    simulator.addResource("444455556666", "eu-west-1", { arn: row().created!, type: "EBS", sizeBytes: 2 ** 31 });
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const ask = validatorWith(
      new EC2Client({ region: "eu-west-1", credentials, requestHandler: simulator.handler(), maxAttempts: 1 }),
    );
    const request = { resourceType: "EBS", recoveryPointArn: row().point, createdResourceArn: row().created! };
    const good = await ask(request);
    expect(good).toMatchObject({ status: "SUCCESSFUL", message: expect.stringContaining("2 GiB") });
    expect(readAnswer(undefined, JSON.stringify(good))).toEqual(good);
    expect(await ask({ ...request, createdResourceArn: `${request.createdResourceArn}0` })).toMatchObject({
      status: "FAILED",
    });
    expect(await ask({ ...request, resourceType: "RDS" })).toMatchObject({ status: "FAILED" });
  });
});
