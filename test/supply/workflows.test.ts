import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openKeyFile } from "../../controller/local/key-file.ts";
import { serve, shellFor, type Served } from "../cli/command-line.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { TO } from "../scenarios/pipeline.ts";
import { action, runScript, stepsOf, texts, workflowOf, type Ran } from "./workflows.ts";

const files = [...texts.keys()];
const reusable = files.filter((name) => name.startsWith("holdfast-"));

describe.each(files)("%s", (name) => {
  it("takes each action by the commit it was read at, and says of which version that is", () => {
    const taken = (texts.get(name) ?? "").split("\n").filter((line) => line.includes("uses: "));
    expect(taken.filter((line) => !/uses: (\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line))).toEqual(
      [],
    );
    expect(taken.length).toBeGreaterThan(0);
  });

  it("puts nothing that somebody outside wrote into a script", () => {
    expect(stepsOf(name).flatMap(({ run = "" }) => run.match(/\$\{\{.*?\}\}/g) ?? [])).toEqual([]);
  });

  it("uses each input that it declares, and declares each that it uses", () => {
    const declared = name === "action.yml" ? action.inputs : (workflowOf(name).on.workflow_call?.inputs ?? {});
    const used = [...(texts.get(name) ?? "").matchAll(/\binputs\.([\w-]+)/g)].flatMap(([, input]) => input ?? []);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(declared).toSorted());
  });
});

describe.each(files.filter((name) => name !== "action.yml"))("the rights of %s", (name) => {
  it("are given job by job, and no more than it needs", () => {
    const { permissions, jobs } = workflowOf(name);
    expect(Object.values(permissions).filter((right) => right !== "read")).toEqual([]);
    const written = Object.entries(jobs).flatMap(([job, { permissions = {} }]) =>
      Object.entries(permissions).flatMap(([what, right]) => (right === "write" ? [`${job} ${what}`] : [])),
    );
    expect(written).toEqual(
      {
        "ci.yml": [],
        "holdfast-plan.yml": ["plan id-token", "plan pull-requests"],
        "holdfast-sync.yml": ["sync id-token"],
      }[name],
    );
  });
});

describe.each(reusable)("%s", (name) => {
  const own = stepsOf(name).filter(({ uses }) => uses === "./.holdfast-action");

  it("gives the action inputs that it has, and all that it needs", () => {
    for (const step of own) {
      const given = Object.keys(step.with ?? {});
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(given));
      const needed = Object.entries(action.inputs).filter(([, { required }]) => required);
      expect(given).toEqual(expect.arrayContaining(needed.map(([input]) => input)));
    }
    expect(own.length).toBeGreaterThan(0);
  });

  it("keeps no credentials of git in the checkout that somebody's code is run in", () => {
    const checkouts = stepsOf(name).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
  });
});

it("a sync has the whole history, without which it could not tell that it was rewritten", () => {
  const [manifests] = stepsOf("holdfast-sync.yml");
  expect(manifests?.with?.["fetch-depth"]).toBe(0);
});

describe("the action, run", () => {
  const [, , step] = action.runs.steps;

  /** Runs its last step with these inputs, the others as they are by default. */
  function act(s: Served, inputs: Readonly<Record<string, string>>): Promise<Ran> {
    const values = Object.entries(action.inputs).map(([name, { default: otherwise = "" }]) => [
      name,
      inputs[name] ?? String(otherwise),
    ]);
    const byName = Object.fromEntries(values) as Readonly<Record<string, string>>;
    const variables = Object.entries(step?.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/^\$\{\{ inputs\.([\w-]+) \}\}$/, (_all, input: string) => byName[input] ?? `no input ${input}`),
    ]);
    const shell = shellFor([inputs["command"] ?? ""], s.universe);
    const surroundings = { ...shell, AWS_ENDPOINT_URL: s.endpoint, AWS_REGION: "eu-west-1" };
    return runScript(step!, { ...surroundings, ...(Object.fromEntries(variables) as Record<string, string>) });
  }

  it("validates, and says where a manifest is wrong", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect(await act(s, { command: "validate", "desired-state": s.manifests })).toMatchObject({
      code: 0,
      outputs: { "exit-code": "0" },
    });
    await s.write({ ...PRODUCTION, "plan.yaml": PRODUCTION["plan.yaml"].replace("ruleName", "rulename") });
    const { code, summary, log } = await act(s, { command: "validate", "desired-state": s.manifests });
    expect(code).toBe(1);
    expect(summary).toMatch(/^````text\n[^]*plan\.yaml:8:\d+[^]*````\n$/);
    expect(log).toContain("plan.yaml:8");
  });

  it("plans, as Markdown for the summary and whoever comments, and ends with 2 for changes where that is asked", async () => {
    await using s = await serve({ files: PRODUCTION });
    const evidence = s.env["HOLDFAST_EVIDENCE"] ?? "";
    const plan = await act(s, { command: "plan", "desired-state": s.manifests, evidence });
    expect(plan).toMatchObject({ code: 0, outputs: { "exit-code": "0" } });
    expect(plan.summary).toContain("Reconcile plan");
    expect(plan.text).toBe(plan.summary);
    expect(
      await act(s, { command: "plan", "desired-state": s.manifests, evidence, "fail-on-changes": "true" }),
    ).toMatchObject({
      code: 2,
      outputs: { "exit-code": "2" },
    });
  });

  it("syncs, and a controller acts on it", async () => {
    await using s = await serve({ files: PRODUCTION });
    const key = join(s.folder, "sync.pem");
    await openKeyFile(key);
    const synced = await act(s, {
      command: "sync",
      "desired-state": s.manifests,
      to: TO,
      "sync-signer": `file:${key}`,
    });
    expect(synced).toMatchObject({
      code: 0,
      summary: expect.stringContaining(`Published 4 files to ${TO} as sequence 1`),
    });
    expect((await s.run(["reconcile"], { env: { HOLDFAST_DESIRED_STATE: TO } })).code).toBe(0);
  });

  it.each(["reconcile", "sync; id", ""])("does nothing else: %j", async (command) => {
    await using s = await serve({ files: PRODUCTION });
    const { code, log, outputs } = await act(s, { command, "desired-state": s.manifests });
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} });
    expect(log).toContain("give validate, plan or sync");
    expect(s.universe.simulator.calls.all()).toEqual([]);
  });
});

describe("the comment on a pull request", () => {
  const step = stepsOf("holdfast-plan.yml").find(({ name }) => name === "Comment on the pull request")!;

  /** GitHub's client, which writes down what it is asked, and answers with these ids of comments. */
  async function comment(text: string, ids: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-gh-"));
    try {
      const [gh, plan, asked] = ["gh", "plan.md", "asked"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      const answer = 'case "$*" in *--paginate*) printf "%s" "$IDS" ;; esac';
      await writeFile(gh, `#!/usr/bin/env bash\nprintf '%s ' "$@" >>"$ASKED"\necho >>"$ASKED"\n${answer}\n`);
      await chmod(gh, 0o755);
      await writeFile(plan, text);
      const variables = {
        GH_TOKEN: "t",
        LC_ALL: "C.UTF-8",
        NUMBER: "7",
        TEXT: plan,
        GITHUB_REPOSITORY: "acme/backups",
        ASKED: asked,
        IDS: ids,
      };
      expect(await runScript(step, variables, [folder])).toMatchObject({ code: 0 });
      const sent = await readFile(`${plan}.comment`, "utf8");
      return `${(await readFile(asked, "utf8")).replaceAll(folder, "")}${sent}`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it("is one, edited when the plan changes", async () => {
    const first = await comment("# Plan\n", "");
    expect(first).toContain("--method POST repos/acme/backups/issues/7/comments --field body=@/plan.md.comment");
    expect(first).toMatch(/\n<!-- holdfast plan -->\n# Plan\n$/);
    const next = await comment("# Plan\n", "41\n42\n");
    expect(next).toContain("--method PATCH repos/acme/backups/issues/comments/41 --field body=@/plan.md.comment");
    expect(next).not.toContain("POST");
  });

  it("is cut where GitHub would refuse it, between characters", async () => {
    const said = await comment("é".repeat(70_000), "");
    expect(said).toMatch(/é{60000}\n\nCut here\. The whole plan is in the summary of the job\.\n$/);
  });
});
