import { execFile, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { serve, type Served } from "../cli/command-line.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, operationsOf, told, writesSince } from "./telling.ts";

/** As in aws-cli.test.ts: the commands are run by AWS's own client, where there is one; in CI there must be. */
const missing = spawnSync("aws", ["--version"]).status !== 0 && process.env["CI"] === undefined;
const MARKS = ["holdfast:fleet", "holdfast:resource"];

async function settled(): Promise<Served> {
  const served = await serve({ files: PRODUCTION });
  expect((await served.run(["reconcile"])).code).toBe(0);
  return served;
}

const shop = ({ universe: { simulator } }: Served) => simulator.backup(SHOP, IRELAND);
const planOf = (served: Served) => [...shop(served).plans.values()][0]!;
const selectionOf = (served: Served) => [...planOf(served).selections][0]!;

/** Everything that AWS Backup holds, but for the tags of vaults and plans. */
const heldIn = ({ universe: { simulator } }: Served): string =>
  JSON.stringify(
    [SHOP, VAULTS, HUB].flatMap((account) =>
      [IRELAND, FRANKFURT].map((region) => {
        const { vaults, plans } = simulator.backup(account, region);
        return [
          [...vaults.values()].map(({ name, lock, accessPolicy, notifications }) => ({
            name,
            lock,
            accessPolicy,
            notifications,
          })),
          [...plans.values()].map(({ id, versions, selections }) => ({
            id,
            versions,
            selections: [...selections],
          })),
        ];
      }),
    ),
  );

/** Runs the script as a person of an account would, who has that account's keys and nothing set up otherwise. */
async function runIn(account: string, script: string, { universe: { simulator }, endpoint }: Served): Promise<string> {
  const { accessKeyId, secretAccessKey } = simulator.iam.putUser(account, `somebody-of-${account}`);
  const { stdout, stderr } = await promisify(execFile)("sh", [script], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: IRELAND,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
  });
  return stdout + stderr;
}

describe("holdfast release", () => {
  it("prints what to run, names the same for machines, and changes nothing itself", async () => {
    await using served = await settled();
    const from = mark(served.universe);
    const said = await served.run(["release"]);
    expect(said).toMatchObject({ code: 0, err: "" });
    const { arn } = planOf(served);
    const { id } = selectionOf(served);
    expect(
      said.out
        .replaceAll(arn, "<plan>")
        .replaceAll(id, "<selection>")
        .replace(/\d+\.\d+\.\d+/, "<version>"),
    ).toMatchInlineSnapshot(`
      "#!/bin/sh
      # Lets go of what fleet acme owns, by removing its ownership tags. Nothing else is changed: vaults, backups, plans and
      # selections stay as they are, and go on working. Written by holdfast release, which only reads (version <version>).
      #
      # Stop the schedule first. Run this once in each account, as somebody who may backup:UntagResource there: what is another
      # account's is left for when it is run there. To run it again does no harm.
      #
      # Takes no tags, and stays marked by the request id it was made with, which means nothing to anybody else:
      #   444455556666/eu-west-1 selection nightly/tagged, <selection>
      set -eu
      account=$(aws sts get-caller-identity --region eu-central-1 --query Account --output text)
      release() {
        aws backup untag-resource --region "$1" --resource-arn "$2" --tag-key-list holdfast:fleet holdfast:resource
        echo "released $2"
      }

      if [ "$account" = 222233334444 ]; then
        release eu-central-1 arn:aws:backup:eu-central-1:222233334444:backup-vault:central # vault central
      else echo 'left for account 222233334444: 1' >&2; fi

      if [ "$account" = 444455556666 ]; then
        release eu-west-1 arn:aws:backup:eu-west-1:444455556666:backup-vault:nightly # vault nightly
        release eu-west-1 <plan> # plan nightly
      else echo 'left for account 444455556666: 2' >&2; fi
      "
    `);
    expect(writesSince(served.universe, from)).toEqual([]);

    const { tagged, requested, ...rest } = JSON.parse((await served.run(["release", "-o", "json"])).out) as {
      readonly tagged: readonly { readonly arn: string }[];
      readonly requested: readonly { readonly id: string }[];
    };
    expect(rest).toEqual({ schema: "holdfast-release/1", fleet: "acme", tagKeys: MARKS, unread: [] });
    expect(tagged.map(({ arn }) => arn).toSorted()).toEqual(
      [
        `arn:aws:backup:${IRELAND}:${SHOP}:backup-vault:nightly`,
        planOf(served).arn,
        `arn:aws:backup:${FRANKFURT}:${VAULTS}:backup-vault:central`,
      ].toSorted(),
    );
    expect(requested.map(({ id }) => id)).toEqual([selectionOf(served).id]);
  });

  it("is not whole where something could not be read, and says what", async () => {
    await using served = await settled();
    served.universe.simulator.faults.add({
      operation: "ListBackupPlans",
      account: SHOP,
      effect: { kind: "deny" },
    });
    const said = await served.run(["release"]);
    expect(said.code).toBe(4);
    expect(said.out).toContain("# NOT WHOLE.");
    expect(said.out).toMatch(new RegExp(`#   ${SHOP}/${IRELAND} plan \\(all of them\\): `));
    expect(said.err).toContain("not whole");
  });

  it.skipIf(missing)("lets go, by AWS's own client, of what it names and of nothing else", async () => {
    await using served = await settled();
    const script = join(served.folder, "release.sh");
    await writeFile(script, (await served.run(["release"])).out);
    const held = heldIn(served);
    const from = mark(served.universe);
    expect(await runIn(SHOP, script, served)).toContain(`left for account ${VAULTS}: 1`);
    await runIn(VAULTS, script, served);
    expect(operationsOf(writesSince(served.universe, from))).toEqual([
      "UntagResource",
      "UntagResource",
      "UntagResource",
    ]);
    expect(heldIn(served)).toBe(held);
    expect(shop(served).vaults.get("nightly")?.tags).toEqual({ owner: "platform" });

    const after = mark(served.universe);
    const run = told(await served.universe.run());
    expect(run.result).toBe("HELD");
    expect(new Set(run.report.held.map(({ reason }) => reason))).toEqual(new Set(["not-ours"]));
    expect(writesSince(served.universe, after)).toEqual([]);
    expect((await served.run(["release", "-o", "json"])).out).toContain('"tagged": []');
  });
});
