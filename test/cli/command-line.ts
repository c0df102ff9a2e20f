import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { runCommandLine } from "../../controller/cli/program.ts";
import type { Progress } from "../../controller/ports.ts";
import { INSTALLED, type SessionKeys } from "../support/installation.ts";
import {
  BUCKETS,
  DESIRED_BUCKET,
  IRELAND,
  universe,
  type Universe,
  type UniverseOptions,
} from "../support/universe.ts";

/** What a command said and ended with. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Circumstances {
  readonly env?: Environment;
  readonly color?: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
  /** What is answered when the command asks. Absent: nobody is there, as in CI. */
  readonly answer?: boolean;
  readonly progress?: Progress;
  /** Whose keys are at hand. Absent: those of whoever runs such a command. */
  readonly as?: SessionKeys;
}

/** A machine without any configuration of its own. The SDK reads these from the process itself. */
export const MACHINE: Environment = {
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ENDPOINT_URL: undefined,
  AWS_REGION: undefined,
};

/** Somebody's keys, as a shell has them. */
export const keysInEnvironment = (keys: SessionKeys | undefined): Environment => ({
  AWS_ACCESS_KEY_ID: keys?.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys?.secretAccessKey,
  AWS_SESSION_TOKEN: keys?.sessionToken,
});

/** Runs one command line in this process, its terminal caught. */
export async function holdfast(argv: readonly string[], circumstances: Circumstances = {}): Promise<Said> {
  const { env = {}, color = false, width = 110, answer = false, progress = () => {}, as } = circumstances;
  for (const [name, value] of Object.entries({ ...MACHINE, ...keysInEnvironment(as) })) vi.stubEnv(name, value);
  const [out, err]: [string[], string[]] = [[], []];
  const line = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
  const code = await runCommandLine(argv, env, {
    out: (text) => void out.push(line(text)),
    err: (text) => void err.push(line(text)),
    color,
    width,
    progress,
    ask: (question) => {
      err.push(line(question));
      return Promise.resolve(answer);
    },
  });
  return { code, out: out.join(""), err: err.join("") };
}

export { DESIRED_BUCKET };

/** A universe served over HTTP, a folder of manifests, and a command line that is set up for both. */
export interface Served extends AsyncDisposable {
  readonly universe: Universe;
  readonly endpoint: string;
  /** Where the manifests are. */
  readonly manifests: string;
  /** Beside the manifests: for keys, folders and whatever else a test puts down. Gone when disposed of. */
  readonly folder: string;
  readonly env: Environment;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  readonly run: (argv: readonly string[], circumstances?: Circumstances) => Promise<Said>;
}

/** Who types such a command: a pipeline publishes desired state, an auditor reads reports, and the rest is done as the function would. */
function typist([command, of]: readonly string[], { installation }: Universe): SessionKeys {
  if (command === "sync") return installation.publisher();
  const writes = of === "rechain" || of === "rotate-keys";
  return command === "report" && !writes ? installation.auditor() : installation.controller();
}

/** The surroundings of a process of its own in which such a command is typed. */
export const shellFor = (argv: readonly string[], universe: Universe): Readonly<Record<string, string>> =>
  defined({ ...MACHINE, ...keysInEnvironment(typist(argv, universe)) });

/** What is set. */
export const defined = (environment: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(environment).filter((one): one is [string, string] => one[1] !== undefined));

/** A pipeline is told where AWS is and where the manifests are; and nobody asks a folder for locks, unless a test would. */
function toldTo(argv: readonly string[], all: Environment, own: Environment = {}): Environment {
  const { AWS_ENDPOINT_URL, AWS_REGION, HOLDFAST_DESIRED_STATE } = all;
  if (argv[0] === "sync") return { AWS_ENDPOINT_URL, AWS_REGION, HOLDFAST_DESIRED_STATE, ...own };
  const isFolder = argv.includes("--evidence") || !all["HOLDFAST_EVIDENCE"]?.startsWith("s3://");
  return isFolder ? { ...all, HOLDFAST_RETENTION: own["HOLDFAST_RETENTION"] } : all;
}

/** As the hub's stack tells the function. */
const RETENTION = "governance:2557d";

/** Time stands still unless it is moved, so what AWS shows late is shown at once. */
const PROMPT = { lag: { selectionVisible: 0, selectionDeleted: 0, pointRemoved: 0 } };

export async function serve(options: UniverseOptions): Promise<Served> {
  const u = universe({ backup: PROMPT, ...options });
  const listening = await u.simulator.listen(0);
  const folder = await mkdtemp(join(tmpdir(), "holdfast-cli-"));
  const manifests = join(folder, "desired");
  const env: Environment = {
    AWS_ENDPOINT_URL: listening.endpoint,
    AWS_REGION: IRELAND,
    HOLDFAST_DESIRED_STATE: manifests,
    HOLDFAST_EVIDENCE: `s3://${BUCKETS.evidence}`,
    HOLDFAST_WORK: `s3://${BUCKETS.work}`,
    HOLDFAST_RETENTION: RETENTION,
    HOLDFAST_SIGNER: `kms:${INSTALLED.signingKey}`,
  };
  const write: Served["write"] = async (files) => {
    await rm(manifests, { recursive: true, force: true });
    await mkdir(manifests);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(manifests, path)), { recursive: true });
      await writeFile(join(manifests, path), text);
    }
  };
  await write(options.files);
  return {
    universe: u,
    endpoint: listening.endpoint,
    manifests,
    folder,
    env,
    write,
    run: (argv, circumstances = {}) =>
      holdfast(argv, {
        as: typist(argv, u),
        ...circumstances,
        env: toldTo(argv, { ...env, ...circumstances.env }, circumstances.env),
      }),
    [Symbol.asyncDispose]: async () => {
      await listening.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
