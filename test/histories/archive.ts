import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Keys } from "../../controller/attest/sealing/keys.ts";
import { verifyReport } from "../../controller/attest/chain/verify-report.ts";
import { currentObject } from "../simulator/s3/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { BUCKETS } from "../support/universe.ts";

/** As much of an announcement as the oracle goes by, as a report's attachment has it. */
export interface AnnouncementRow {
  readonly change: string;
  readonly subject: string;
  readonly partition: string;
  readonly policy: string;
  readonly cause: string;
  readonly deleteOn: string | null;
  readonly graceMs: number;
  readonly announcedOn: string;
}

export interface HoldRow {
  readonly change?: string;
  readonly key: {
    readonly target: { readonly account: string; readonly region: string };
    readonly kind: string;
    readonly name: string;
  };
  readonly effect?: string;
  readonly reason: string;
  readonly also: readonly string[];
  readonly because: string;
  readonly release: string;
}

export interface Told {
  readonly change: string;
  readonly key: HoldRow["key"];
  readonly subject?: string;
}

/** A report as an auditor would keep it: what it said when it was published, whatever became of the bucket since. */
export interface Kept {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly modified: Date;
  readonly sequence: number;
  readonly run: { readonly id: string; readonly finishedOn: string; readonly failure?: unknown };
  readonly result: string;
  readonly partial: boolean;
  readonly resources: readonly { readonly key: HoldRow["key"] }[];
  readonly held: readonly HoldRow[];
  readonly changes: readonly (Told & { readonly effect: string; readonly result: string })[];
  readonly actions: readonly (Told & {
    readonly operation: string;
    readonly requestId?: string;
    readonly outcome: string;
  })[];
  readonly recovered: readonly (Told & { readonly run: string; readonly result: string })[];
  readonly deletions: readonly (Told & { readonly result: string })[];
  readonly groups: readonly { readonly id: string; readonly members: readonly string[]; readonly policy: string }[];
  readonly announcements: readonly AnnouncementRow[];
  /** What no black box would sign for; empty of a sound report, and of one that is still being verified. */
  readonly problems: readonly string[];
}

const REPORT = /\/reports\/(\d{10})\.dsse\.json$/;

/** Copies of all that was published, made before anybody can tamper with it. Signatures are left to the verifier, the rest is read here. */
export class Archive {
  readonly #simulator: Simulator;
  readonly #objects = new Map<string, Uint8Array>();
  readonly reports: Kept[] = [];
  /** Keys under which lies what no controller published. */
  readonly #foreign = new Set<string>();
  readonly #verifying: Promise<void>[] = [];

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** Takes in what is new. */
  take(): void {
    const bucket = this.#simulator.bucket(BUCKETS.evidence);
    for (const key of bucket.keys) {
      const isKnown = this.#objects.has(key) || this.#foreign.has(key);
      const object = isKnown ? undefined : currentObject(bucket, key);
      if (object) this.#objects.set(key, object.body);
    }
    const known = new Set(this.reports.map(({ key }) => key));
    const fresh = bucket.keys.filter((key) => REPORT.test(key) && !known.has(key) && !this.#foreign.has(key));
    // One after another: a report of nothing new names an earlier one.
    for (const key of fresh) this.reports.push(this.#read(key));
  }

  /** Somebody else put this there, or took it away again. */
  disown(key: string, isThere: boolean): void {
    if (isThere) this.#foreign.add(key);
    else this.#foreign.delete(key);
  }

  /** Reports that are not in the bucket any more as they were published, by sequence. */
  altered(): ReadonlySet<number> {
    const bucket = this.#simulator.bucket(BUCKETS.evidence);
    const isAsItWas = ({ key, bytes }: Kept): boolean => {
      const body = currentObject(bucket, key)?.body;
      return body !== undefined && Buffer.compare(body, bytes) === 0;
    };
    return new Set(this.reports.filter((one) => !isAsItWas(one)).map(({ sequence }) => sequence));
  }

  #read(key: string): Kept {
    const bytes = this.#objects.get(key)!;
    const envelope = jsonOf(bytes) as { readonly payload: string };
    const { predicate } = jsonOf(Buffer.from(envelope.payload, "base64")) as { readonly predicate: Raw };
    const members = new Map(
      (this.#rows(key, predicate, "group-members.ndjson.gz") as readonly GroupMembers[]).map((row) => [
        row.id,
        row.members,
      ]),
    );
    const {
      scope,
      groups = [],
      deletions = [],
      unchanged: _named,
      ...said
    } = { ...predicate, ...this.#named(key, predicate) };
    return {
      key,
      bytes,
      modified: currentObject(this.#simulator.bucket(BUCKETS.evidence), key)!.modified,
      sequence: Number(REPORT.exec(key)?.[1]),
      ...said,
      partial: scope.partial,
      deletions,
      groups: groups.map((group) => ({ ...group, members: members.get(group.id) ?? [] })),
      announcements: this.#rows(key, predicate, "announcements.ndjson.gz") as readonly AnnouncementRow[],
      problems: this.#problems(key, bytes),
    };
  }

  /** The lists that a "no change" report names instead of saying them. */
  #named(key: string, { unchanged }: Raw): Partial<Raw> {
    if (!unchanged) return {};
    const { sequence, payloadSha256 } = unchanged.since;
    const place = key.replace(/\d{10}(?=\.dsse\.json$)/, String(sequence).padStart(10, "0"));
    const { payload } = jsonOf(this.#objects.get(place)!) as { readonly payload: string };
    const bytes = Buffer.from(payload, "base64");
    if (createHash("sha256").update(bytes).digest("hex") !== payloadSha256)
      throw new Error(`${key} names another report ${sequence} than the one there is`);
    const { predicate } = jsonOf(bytes) as { readonly predicate: Readonly<Record<string, unknown>> };
    return Object.fromEntries(
      unchanged.sections.flatMap((section) => (section in predicate ? [[section, predicate[section]]] : [])),
    );
  }

  /** Waits until what was taken in has been verified: only then do reports say their problems. */
  async verified(): Promise<void> {
    await Promise.all(this.#verifying.splice(0));
  }

  /** By the keys as they are now; the list is filled by the time that `verified` is. */
  #problems(key: string, bytes: Uint8Array): readonly string[] {
    const trust = [...this.#objects].find(([name]) => name.endsWith("keys.json"));
    if (!trust) return ["there are no keys"];
    const found: string[] = [];
    const verifying = verifyReport({ name: key, bytes }, Keys.parse(jsonOf(trust[1])));
    this.#verifying.push(verifying.then(({ problems }) => void found.push(...problems.map(({ message }) => message))));
    return found;
  }

  #rows(key: string, { attachments }: Raw, name: string): readonly unknown[] {
    const digest = attachments.find((one) => one.name === name)?.digest.sha256;
    const body =
      digest === undefined ? undefined : this.#objects.get(`${key.split("/reports/")[0]}/attachments/${digest}`);
    if (!body) return [];
    return gunzipSync(body)
      .toString("utf8")
      .split("\n")
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
  }
}

interface GroupMembers {
  readonly id: string;
  readonly members: readonly string[];
}

type Raw = Pick<Kept, "run" | "result" | "resources" | "held" | "changes" | "actions" | "recovered"> & {
  readonly scope: { readonly partial: boolean };
  readonly groups?: readonly { readonly id: string; readonly policy: string }[];
  readonly unchanged?: {
    readonly since: { readonly sequence: number; readonly payloadSha256: string };
    readonly sections: readonly string[];
  };
  readonly deletions?: Kept["deletions"];
  readonly attachments: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
};

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
