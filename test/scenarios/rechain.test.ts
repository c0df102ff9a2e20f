import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DAY_MS, leftovers, S3, snapshot } from "../cli/leftovers.ts";
import type { Said, Served } from "../cli/command-line.ts";
import { addVersion, removeVersion, type Bucket } from "../simulator/s3/state.ts";
import { BUCKETS, IRELAND, SHOP } from "../support/universe.ts";

const env = { HOLDFAST_DESIRED_STATE: S3 };
const run = (s: Served, ...argv: readonly string[]): Promise<Said> => s.run(argv, { env });

const evidenceOf = (s: Served): Bucket => s.universe.simulator.bucket(BUCKETS.evidence);

/** Somebody with every right over the bucket changes what a report says. */
function tamper(s: Served, sequence: number): void {
  const name = `/reports/${String(sequence).padStart(10, "0")}.dsse.json`;
  const key = evidenceOf(s).keys.find((one) => one.endsWith(name)) ?? "";
  const version = evidenceOf(s).objects.get(key)?.at(-1);
  if (version?.kind !== "object") throw new RangeError(`there is no report ${sequence}`);
  const [, head = "", one] = /"payload":"(.{40})(.)/.exec(Buffer.from(version.body).toString("utf8")) ?? [];
  const flipped = `"payload":"${head}${one === "A" ? "B" : "A"}`;
  const body = Buffer.from(
    Buffer.from(version.body)
      .toString("utf8")
      .replace(/"payload":"(.{40})(.)/, flipped),
  );
  addVersion(evidenceOf(s), key, { ...version, body, checksums: {}, id: "rewritten" });
}

const deletions = (s: Served): number =>
  s.universe.simulator.calls.all().filter(({ operation }) => operation === "DeleteRecoveryPoint").length;

/** Destructions that the newest plan holds, each with all that holds it. */
async function held(s: Served): Promise<readonly (readonly string[])[]> {
  const plan = JSON.parse((await run(s, "plan", "-o", "json")).out) as {
    readonly held: readonly {
      readonly reason: string;
      readonly also: readonly string[];
      readonly change?: { readonly effect: string };
    }[];
  };
  return plan.held.filter(({ change }) => change?.effect === "destroys").map(({ reason, also }) => [reason, ...also]);
}

/** Announced, approved, and past its grace: the next run would delete. */
async function dueTomorrow(): Promise<Served> {
  const s = await leftovers();
  await run(s, "reconcile");
  await approve(s, "legacy");
  s.universe.simulator.clock.advance(10 * DAY_MS);
  await run(s, "reconcile");
  s.universe.simulator.clock.advance(5 * DAY_MS);
  return s;
}

async function approve(s: Served, name: string): Promise<void> {
  const argv = ["approve", "--standing", "clean-up", "--reason", name, "--for", "20d", "--write", s.manifests];
  expect((await run(s, ...argv, "--name", name)).err).toBe("");
  await run(s, "sync", "--to", S3, "--desired-state", s.manifests);
}

const masked = (text: string): string =>
  text.replaceAll(/[0-9a-f]{64}/g, "<sha256>").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<chain>");

describe("a chain that was tampered with, begun anew", () => {
  it("lets runs go on, with every announcement, grace and approval to be given again", async () => {
    await using s = await dueTomorrow();
    tamper(s, 1);
    expect((await run(s, "reconcile")).code, "it would rest on the report that was changed").toBe(1);
    expect(deletions(s)).toBe(0);
    const begun = await run(s, "report", "rechain", "--reason", "report 1 was changed, see INC-7", "--yes");
    expect([begun.code, begun.err]).toEqual([0, ""]);
    expect(masked(begun.out)).toMatchInlineSnapshot(`
      "Chain <chain> takes the place of chain <chain>. Its first report is at
        s3://acme-evidence/v1/<chain>/reports/0000000001.dsse.json
      Approvals that count as used: legacy. Approve anew what is still meant.
      Every destruction is announced anew by the next run. Verify with
        holdfast report verify --head 1:<sha256>
      "
    `);

    expect(await held(s), "nothing of before counts").toEqual([
      ["needs-approval", "not-announced"],
      ["needs-approval", "not-announced"],
    ]);
    expect((await run(s, "reconcile")).code).toBe(3);
    await approve(s, "once-more");
    s.universe.simulator.clock.advance(13 * DAY_MS);
    await run(s, "reconcile");
    expect(deletions(s), "the grace counts from the new chain's announcement").toBe(0);
    s.universe.simulator.clock.advance(2 * DAY_MS);
    const last = await run(s, "reconcile");
    expect(last.out).toContain("by approval once-more");
    expect(deletions(s)).toBe(1);
    const points = s.universe.simulator.backup(SHOP, IRELAND).vaults.get("legacy")?.points;
    expect([...(points ?? [])].map(({ arn }) => arn)).toContain(snapshot(1));

    const verified = await run(s, "report", "verify");
    expect(verified.code).toBe(0);
    expect(masked(verified.out).replaceAll(/\s+/g, " ")).toMatch(
      /Limit: It supersedes chain <chain> after 2 reports: report 1 was changed, see INC-7\. Nothing that those reports say is proven by this chain\./,
    );
  });

  it("leaves the old reports where they are, with their keys", async () => {
    await using s = await dueTomorrow();
    const before = evidenceOf(s).keys.filter((key) => key.includes("/reports/"));
    tamper(s, 2);
    await run(s, "report", "rechain", "--reason", "tampered", "--yes");
    const after = evidenceOf(s).keys;
    expect(after).toEqual(expect.arrayContaining([...before]));
    const [old = ""] = before[0]?.split("/reports/") ?? [];
    const kept = evidenceOf(s).objects.get(`${old}/keys.json`)?.at(-1);
    await writeFile(join(s.folder, "old-keys.json"), kept?.kind === "object" ? kept.body : "");
    const verified = await run(s, "report", "verify", "--keys", join(s.folder, "old-keys.json"));
    expect(verified.code).toBe(5);
    expect(verified.out).toContain("2 reports read, ");
  });

  it("asks first, and does nothing at any other answer", async () => {
    await using s = await dueTomorrow();
    tamper(s, 2);
    const from = s.universe.simulator.calls.all().length;
    const said = await run(s, "report", "rechain", "--reason", "tampered");
    expect(said.code).toBe(1);
    expect(said.err).toContain("Begin a new chain? Only yes will do: \nNothing was written.\n");
    expect(said.err).toContain("0000000002.dsse.json 0 of the trusted keys signed it");
    expect(s.universe.simulator.calls.since(from).filter(({ mutating }) => mutating)).toEqual([]);
  });

  it("waits while another controller has the lease", async () => {
    await using s = await dueTomorrow();
    tamper(s, 2);
    const { world } = await s.universe.controller();
    await world.leases.take("the-scheduled-run");
    const said = await run(s, "report", "rechain", "--reason", "tampered", "--yes");
    expect(said.code).toBe(3);
    expect(said.err).toContain("STOOD DOWN: run the-scheduled-run has the lease");
  });
});

describe("a chain that is cut short", () => {
  it("is begun anew against the head that somebody wrote down, for by itself it verifies", async () => {
    await using s = await dueTomorrow();
    const { head } = JSON.parse((await run(s, "report", "verify", "-o", "json")).out) as {
      readonly head: { readonly sequence: number; readonly payloadSha256: string };
    };
    const key = evidenceOf(s).keys.find((one) => one.endsWith("0000000002.dsse.json")) ?? "";
    removeVersion(evidenceOf(s), key, evidenceOf(s).objects.get(key)?.at(-1)?.id ?? "");
    const pin = ["--head", `${head.sequence}:${head.payloadSha256}`];
    expect((await run(s, "report", "rechain", "--reason", "cut", "--yes")).err).toContain("there is nothing to mend");
    expect((await run(s, "report", "rechain", "--reason", "cut", "--yes", ...pin)).code).toBe(0);
  });
});

describe("a chain that verifies", () => {
  it("is not begun anew", async () => {
    await using s = await dueTomorrow();
    const said = await run(s, "report", "rechain", "--reason", "no reason at all", "--yes");
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(masked(said.err)).toBe(
      "holdfast: the 2 reports of chain <chain> in s3://acme-evidence verify: there is nothing to mend. A chain that was cut off shows against --head\n",
    );
  });
});

describe("keys that are pinned", () => {
  it("name the new chain before it begins", async () => {
    await using s = await dueTomorrow();
    const stored = evidenceOf(s).objects.get("keys.json")?.at(-1);
    const [old, fresh] = [join(s.folder, "pinned.json"), join(s.folder, "fresh.json")];
    await writeFile(old, stored?.kind === "object" ? stored.body : "");
    tamper(s, 2);
    const offered = await run(s, "report", "rechain", "--reason", "tampered", "--yes", "--trust", old);
    expect(offered.code).toBe(1);
    expect(offered.err).toContain("Commit it in the place of the pinned one");
    expect(evidenceOf(s).objects.get("keys.json")?.at(-1)).toBe(stored);
    await writeFile(fresh, offered.out);
    const begun = await run(s, "report", "rechain", "--reason", "tampered", "--yes", "--trust", fresh);
    expect([begun.code, begun.err]).toEqual([0, ""]);
    expect((await run(s, "reconcile", "--trust", fresh)).code).toBe(3);
    expect((await run(s, "report", "verify", "--trust", fresh)).code).toBe(0);
    expect((await run(s, "reconcile", "--trust", old)).err, "whoever still pins the old keys is held off").toContain(
      "the pinned keys are those of chain",
    );
  });
});

describe("a chain begun anew that died half-way", () => {
  it("is taken up where its first report is there and keys.json is not its own", async () => {
    await using s = await dueTomorrow();
    const stored = evidenceOf(s).objects.get("keys.json")?.at(-1);
    tamper(s, 2);
    const offered = await run(s, "report", "rechain", "--reason", "tampered", "--yes");
    const fresh = evidenceOf(s).objects.get("keys.json")?.at(-1);
    if (stored?.kind !== "object" || fresh?.kind !== "object") throw new RangeError("there are no keys");
    // As if keys.json had not been put.
    addVersion(evidenceOf(s), "keys.json", { ...stored, id: "put-back" });
    await writeFile(join(s.folder, "fresh.json"), fresh.body);
    const again = await run(
      s,
      "report",
      "rechain",
      "--reason",
      "again",
      "--yes",
      "--trust",
      join(s.folder, "fresh.json"),
    );
    expect(again.code).toBe(0);
    expect(again.out).toBe(offered.out);
  });
});
