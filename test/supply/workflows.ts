import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** What GitHub reads of an action or a workflow, as far as tests look. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
}
export interface Input {
  readonly description?: string;
  readonly required?: boolean;
  readonly default?: string | boolean;
}
export interface Workflow {
  readonly on: { readonly workflow_call?: { readonly inputs: Readonly<Record<string, Input>> } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}
export interface Action {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".github/workflows");

/** Every file by name: the workflows, and the action. */
export const texts: ReadonlyMap<string, string> = new Map(
  ["action.yml", ...readdirSync(folder)].map((name) => [
    name,
    readFileSync(name === "action.yml" ? join(root, name) : join(folder, name), "utf8"),
  ]),
);
export const workflowOf = (name: string): Workflow => parse(texts.get(name) ?? "") as Workflow;
export const action = parse(texts.get("action.yml") ?? "") as Action;

export const stepsOf = (name: string): readonly Step[] =>
  name === "action.yml" ? action.runs.steps : Object.values(workflowOf(name).jobs).flatMap(({ steps }) => steps);

/** What a step said and left. */
export interface Ran {
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The file that the output `text` names. */
  readonly text: string;
}

/** Runs a step's script as GitHub does (GitHub Docs, "Workflow syntax", `jobs.<id>.steps[*].shell`), with these values for its variables. */
export async function runScript(
  { run = "" }: Step,
  variables: Readonly<Record<string, string>>,
  programs: readonly string[] = [],
): Promise<Ran> {
  const temp = await mkdtemp(join(tmpdir(), "holdfast-step-"));
  const [script, outputs, summary] = ["script.sh", "outputs", "summary"].map((name) => join(temp, name)) as [
    string,
    string,
    string,
  ];
  try {
    await Promise.all([writeFile(script, run), writeFile(outputs, ""), writeFile(summary, "")]);
    const path = [...programs, dirname(process.execPath), process.env["PATH"]].join(":");
    const files = { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: temp, GITHUB_ACTION_PATH: root };
    const env = { PATH: path, HOME: temp, ...files, ...variables };
    const words = ["--noprofile", "--norc", "-e", "-o", "pipefail", script];
    const [code, log] = await new Promise<[number, string]>((resolve) => {
      execFile("bash", words, { env, encoding: "utf8" }, (error, out, err) => {
        resolve([error === null ? 0 : Number(error.code), out + err]);
      });
    });
    const said = Object.fromEntries(
      (await readFile(outputs, "utf8"))
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("=") as [string, string]),
    );
    const text = said["text"] === undefined ? "" : await readFile(said["text"], "utf8");
    return { code, log, summary: await readFile(summary, "utf8"), outputs: said, text };
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}
