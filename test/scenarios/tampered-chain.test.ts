import { describe, expect, it } from "vitest";
import { addVersion, removeVersion, type Bucket, type ObjectVersion } from "../simulator/s3/state.ts";
import { serve, type Served } from "../cli/command-line.ts";
import { BUCKETS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { unlock } from "./people.ts";
import { mark, writesSince } from "./telling.ts";

/** A chain of three reports. */
async function threeReports(): Promise<Served> {
  const s = await serve({ files: PRODUCTION });
  for (const _run of [1, 2, 3]) await s.universe.run();
  return s;
}

const evidenceOf = (s: Served): Bucket => s.universe.simulator.bucket(BUCKETS.evidence);

function report(s: Served, sequence: number): { readonly key: string; readonly version: ObjectVersion } {
  const key = evidenceOf(s).keys.find((one) =>
    one.endsWith(`/reports/${String(sequence).padStart(10, "0")}.dsse.json`),
  );
  const version = key === undefined ? undefined : evidenceOf(s).objects.get(key)?.at(-1);
  if (key === undefined || version?.kind !== "object") throw new RangeError(`there is no report ${sequence}`);
  return { key, version };
}

/** Somebody with every right over the bucket, Object Lock bypassed, puts other bytes in a report's place. */
function rewrite(s: Served, sequence: number, change: (envelope: string) => string): void {
  const { key, version } = report(s, sequence);
  const body = Buffer.from(change(Buffer.from(version.body).toString("utf8")));
  addVersion(evidenceOf(s), key, { ...version, body, checksums: {}, id: "rewritten" });
}

/** Object Lock keeps versions, and lets anybody who may delete lay a marker over one. */
function lay(s: Served, sequence: number): void {
  const modified = s.universe.simulator.clock.now();
  addVersion(evidenceOf(s), report(s, sequence).key, { kind: "delete-marker", id: "marker", modified });
}

const flipPayload = (envelope: string): string =>
  envelope.replace(
    /"payload":"(.{40})(.)/,
    (_all, head: string, one: string) => `"payload":"${head}${one === "A" ? "B" : "A"}`,
  );

const masked = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, "<sha256>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<chain>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");

describe("a chain of reports that was tampered with", () => {
  it("at its end stops the next run before any write, loudly", async () => {
    await using s = await threeReports();
    rewrite(s, 3, flipPayload);
    unlock(s.universe);
    const from = mark(s.universe);
    const run = await s.run(["reconcile"]);
    expect(run.code).toBe(1);
    expect(writesSince(s.universe, from).filter(({ principal }) => !principal.includes("console"))).toEqual([]);
    expect((await s.run(["reconcile"])).code, "the lease was given back: the next run fails by itself").toBe(1);
    expect(masked(run.err)).toMatchInlineSnapshot(`
      "holdfast: the reports in s3://acme-evidence do not verify: v1/<chain>/reports/0000000003.dsse.json 0 of the trusted keys signed it, and it takes 1. Nothing is built on them: run \`holdfast report verify\` to see which file and why, and put back what was there; where that cannot be done, \`holdfast report rechain\` begins anew
      "
    `);
  });

  it.each<[string, (s: Served) => void]>([
    ["a report whose payload was changed", (s) => rewrite(s, 2, flipPayload)],
    [
      "a report that was put in another's place",
      (s) => rewrite(s, 2, () => Buffer.from(report(s, 1).version.body).toString()),
    ],
    [
      "a report that was taken out of the middle",
      (s) => removeVersion(evidenceOf(s), report(s, 2).key, report(s, 2).version.id),
    ],
  ])("verify says no to %s, and ends with 5", async (_how, tamper) => {
    await using s = await threeReports();
    tamper(s);
    const verified = await s.run(["report", "verify"]);
    expect(verified.code).toBe(5);
    expect(verified.out).toMatch(/INTACT +no|COMPLETE +no/i);
  });

  it("a chain cut short at its end is whole by itself: only a head from elsewhere tells", async () => {
    await using s = await threeReports();
    const head = JSON.parse((await s.run(["report", "verify", "-o", "json"])).out) as {
      readonly head: { readonly sequence: number; readonly payloadSha256: string };
    };
    removeVersion(evidenceOf(s), report(s, 3).key, report(s, 3).version.id);
    expect((await s.run(["report", "verify"])).code).toBe(0);
    const anchored = await s.run(["report", "verify", "--head", `${head.head.sequence}:${head.head.payloadSha256}`]);
    expect(anchored.code).toBe(5);
    expect(masked(anchored.out)).toMatchInlineSnapshot(`
      "INTACT    yes          every report is signed by a trusted key and is, byte for byte, what was signed
      COMPLETE  yes          no report is missing, inserted or out of order from the first to the last
      SOURCED   not-checked  the manifests that the reports name are the manifests given, neither more nor fewer
      ANCHORED  no           the chain ends in the report that was written down elsewhere

      0000000002.dsse.json: head: report 3, which was pinned, is not here: the chain was cut off

      Key <sha256> ECDSA_SHA_256 aws-kms, signed 2

      Limit: A signature proves who said this and that it was not altered since, not that it is true: match request
        ids with CloudTrail.
      Limit: 2 reports could not be compared with their commit: each was made from files of no commit.
      Limit: Timestamp tokens and CloudTrail's Sign events, where there are any, are for other tools to check.
      Limit: The keys that earlier reports were verified with lay beside them, unpinned: who can write there could
        have replaced both.

      Last report  2:<sha256>

      2 reports read, 1 problem
      "
    `);
  });

  it("with a report deleted from its middle stops the next run, and verify says when it was deleted", async () => {
    await using s = await threeReports();
    lay(s, 2);
    unlock(s.universe);
    const from = mark(s.universe);
    expect((await s.run(["reconcile"])).code).toBe(1);
    expect(writesSince(s.universe, from).filter(({ principal }) => !principal.includes("console"))).toEqual([]);
    const verified = await s.run(["report", "verify"]);
    expect(verified.code).toBe(5);
    expect(verified.out).toMatch(/COMPLETE +no/);
    expect(verified.out).toMatch(/0000000002\.dsse\.json: versions: was to be written once.*deleted\s+2026-03-01T/s);
  });

  it("with its last report deleted lets another take its place, which verify finds and nothing else can", async () => {
    await using s = await threeReports();
    lay(s, 3);
    expect((await s.run(["reconcile"])).code, "the chain is whole by itself").toBe(0);
    expect(evidenceOf(s).objects.get(report(s, 3).key)).toHaveLength(3);
    const verified = await s.run(["report", "verify", "-o", "json"]);
    expect(verified.code).toBe(5);
    expect(JSON.parse(verified.out)).toMatchObject({
      intact: "yes",
      complete: "no",
      problems: [{ check: "versions", file: report(s, 3).key }],
    });
  });

  it("is not said to be free of other versions where nobody could look", async () => {
    await using s = await threeReports();
    s.universe.simulator.faults.add({ effect: { kind: "deny" }, operation: "ListObjectVersions" });
    const verified = await s.run(["report", "verify"]);
    expect(verified.code).toBe(0);
    expect(verified.out).toMatch(/Limit: Versions were not looked at: .*s3:ListBucketVersions/s);
  });

  it("untouched answers yes, in a way that a person can act on", async () => {
    await using s = await threeReports();
    await s.run(["reconcile"]);
    const verified = await s.run(["report", "verify", "--manifests", s.manifests]);
    expect(verified.code).toBe(0);
    expect(masked(verified.out)).toMatchInlineSnapshot(`
      "INTACT    yes          every report is signed by a trusted key and is, byte for byte, what was signed
      COMPLETE  yes          no report is missing, inserted or out of order from the first to the last
      SOURCED   yes          the manifests that the reports name are the manifests given, neither more nor fewer
      ANCHORED  not-checked  the chain ends in the report that was written down elsewhere

      Key <sha256> ECDSA_SHA_256 aws-kms, signed 4

      Limit: A signature proves who said this and that it was not altered since, not that it is true: match request
        ids with CloudTrail.
      Limit: 4 reports could not be compared with their commit: each was made from files of no commit.
      Limit: Timestamp tokens and CloudTrail's Sign events, where there are any, are for other tools to check.
      Limit: Without a pin from outside the store, a cut-off tail and a chain written anew with the same keys do not
        show.
      Limit: The keys that earlier reports were verified with lay beside them, unpinned: who can write there could
        have replaced both.

      Last report  4:<sha256>

      4 reports read, 0 problems
      "
    `);
  });
});
