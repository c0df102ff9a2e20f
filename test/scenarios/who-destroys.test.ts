import { AssumeRoleCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { runDurably } from "../engines/durable-run.ts";
import { target } from "../support/fleet.ts";
import type { Within } from "../support/installation.ts";
import { IRELAND, SHOP, VAULTS, type Universe } from "../support/universe.ts";
import { announced, approval, CLEAN_UP, destroyed, EXPIRED, files, KEPT, snapshot, STANDING } from "./legacy-vault.ts";
import { told } from "./telling.ts";

/** What one of the functions that run as the controller would begin to destroy with. */
const entering = ({ simulator, installation }: Universe, within: Within) =>
  new STSClient({
    region: IRELAND,
    credentials: installation.controller(within),
    // The simulator's handler has the SDK's shape; the SDK's own type is wider than anything it calls.
    requestHandler: simulator.connect().requestHandler as NonNullable<STSClientConfig["requestHandler"]>,
  }).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${SHOP}:role/holdfast-destroy`,
      RoleSessionName: "somebody",
      SourceIdentity: "somebody",
      ExternalId: "holdfast",
    }),
  );

it("the coordinator destroys what was announced and approved, and no event's run: IAM keeps its function from the role", async () => {
  const u = await announced([KEPT, EXPIRED], [CLEAN_UP], VAULTS);
  u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));

  const heard = told(await u.run({ trigger: "event", scope: { targets: [target(SHOP, IRELAND)] } }));
  expect(heard.report.held.filter(({ effect }) => effect === "destroys")).toMatchObject([
    { subject: snapshot(2), reason: "partial-scope" },
  ]);
  await expect(entering(u, "events")).rejects.toThrow(/not authorized to perform: sts:AssumeRole/);
  await expect(entering(u, "coordinator")).resolves.toBeDefined();
  expect(destroyed(u)).toEqual([]);

  await runDurably(u, { worker: async (_, work) => work({ world: await u.worker() }) });
  expect(destroyed(u)).toEqual([snapshot(2)]);
});
