import { join } from "node:path";
import { HoldfastError } from "./domain/errors.ts";
import { parseRetention, type Retention } from "./retention.ts";

/** Where things are. Every setting is a flag of the CLI, `HOLDFAST_*` in its environment, and the same in the Lambda's (design §8). */
export interface Settings {
  /** `s3://bucket/prefix` as `holdfast sync` fills it, or a folder of manifests. */
  readonly desiredState: string;
  /** Reports: `s3://…` or a folder. */
  readonly evidence: string;
  /** Lease and journal: `s3://…` or a folder. */
  readonly work: string;
  /** `kms:KEY` (id, ARN or alias) or `file:PATH`. */
  readonly signer: string;
  /** The same of a key of ML-DSA-65, which signs beside the first. Absent: one signature. */
  readonly secondSigner?: string;
  /** The lock that every object of evidence is put with. Absent: the bucket's own default. */
  readonly retention?: Retention;
  /** Pinned keys.json that earlier reports must verify against. */
  readonly trust?: string;
  /** keys.json that the desired state's HEAD must be signed by. */
  readonly syncTrust?: string;
  /** Hours after a report within which the next one is due: past them, a reader knows that one is missing. 25 by default: a run a day. */
  readonly nextReportWithin?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly allowHttp: boolean;
}

export const SETTING_NAMES = {
  desiredState: "HOLDFAST_DESIRED_STATE",
  evidence: "HOLDFAST_EVIDENCE",
  work: "HOLDFAST_WORK",
  signer: "HOLDFAST_SIGNER",
  secondSigner: "HOLDFAST_SECOND_SIGNER",
  retention: "HOLDFAST_RETENTION",
  trust: "HOLDFAST_TRUST",
  syncTrust: "HOLDFAST_SYNC_TRUST",
  nextReportWithin: "HOLDFAST_NEXT_REPORT_WITHIN",
} as const;

export type Given = { readonly [K in Exclude<keyof Settings, "allowHttp">]?: string | undefined } & {
  readonly allowHttp?: boolean;
};

/** Settings from flags, else the environment, else `.holdfast/` below the working directory with a local key. */
export function readSettings(
  given: Given,
  environment: Readonly<Record<string, string | undefined>>,
  home = ".holdfast",
): Settings {
  const setting = (name: keyof typeof SETTING_NAMES): string | undefined =>
    nonEmpty(given[name]) ?? nonEmpty(environment[SETTING_NAMES[name]]);
  const region =
    nonEmpty(given.region) ?? nonEmpty(environment["AWS_REGION"]) ?? nonEmpty(environment["AWS_DEFAULT_REGION"]);
  const endpoint = nonEmpty(given.endpoint) ?? nonEmpty(environment["AWS_ENDPOINT_URL"]);
  const settings: Settings = {
    desiredState: setting("desiredState") ?? missing("desiredState", "--desired-state"),
    evidence: setting("evidence") ?? join(home, "evidence"),
    work: setting("work") ?? join(home, "work"),
    signer: setting("signer") ?? `file:${join(home, "signing-key.pem")}`,
    ...optional("secondSigner", setting("secondSigner")),
    ...retentionOf(setting("retention")),
    ...optional("trust", setting("trust")),
    ...optional("syncTrust", setting("syncTrust")),
    ...optional("nextReportWithin", setting("nextReportWithin")),
    ...optional("endpoint", endpoint),
    ...optional("region", region),
    allowHttp: given.allowHttp ?? false,
  };
  checkEndpoint(settings);
  checkSigner(settings.signer);
  if (settings.secondSigner !== undefined) checkSigner(settings.secondSigner);
  checkRetention(settings);
  nextReportWithin(settings);
  return settings;
}

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : text;

const optional = <K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: string });

const retentionOf = (text: string | undefined): Pick<Settings, "retention"> =>
  text === undefined ? {} : { retention: parseRetention(text) };

/** What is asked for and cannot be had is not passed over. */
function checkRetention({ retention, evidence }: Settings): void {
  if (retention !== undefined && !evidence.startsWith("s3://"))
    throw new HoldfastError(
      "setting-refused",
      `nothing locks files in the folder ${evidence}: keep evidence in a bucket with Object Lock, or leave the retention out`,
    );
}

function missing(name: keyof typeof SETTING_NAMES, flag: string): never {
  throw new HoldfastError(
    "setting-refused",
    `nothing says where the desired state is: give ${flag} DIR (or s3://bucket/prefix), or set ${SETTING_NAMES[name]}`,
  );
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** Credentials travel with every request: plain http is for this machine only. */
function checkEndpoint({ endpoint, allowHttp }: Settings): void {
  if (endpoint === undefined) return;
  const url = URL.parse(endpoint);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new HoldfastError("setting-refused", `the endpoint ${endpoint} is not an http(s) address`);
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname) && !allowHttp)
    throw new HoldfastError(
      "setting-refused",
      `the endpoint ${endpoint} is plain http and not on this machine: use https, or pass --allow-http if the network is yours`,
    );
}

/** Throws HoldfastError `setting-refused`. */
export function checkSigner(signer: string): void {
  if (!/^(kms|file):.+/.test(signer))
    throw new HoldfastError("setting-refused", `the signer ${signer} is neither kms:KEY nor file:PATH`);
}

const HOUR_MS = 3_600_000;

/** How long after a report the next one is due at the latest. Milliseconds. */
export function nextReportWithin({ nextReportWithin: hours = "25" }: Pick<Settings, "nextReportWithin">): number {
  if (/^[1-9]\d{0,4}$/.test(hours)) return Number(hours) * HOUR_MS;
  throw new HoldfastError(
    "setting-refused",
    `the next report is due within ${hours} hours: give whole hours from 1 to 99999, such as 25 for a run a day`,
  );
}

/** Whether runs under these settings share their lease and chain with the fleet's controller (rule 26). */
export const isStandalone = ({ evidence, work }: Settings): boolean =>
  !evidence.startsWith("s3://") || !work.startsWith("s3://");

/** The same of who only looks, and needs to know of no lease. */
export const readsAlone = ({ evidence }: Settings): boolean => !evidence.startsWith("s3://");
