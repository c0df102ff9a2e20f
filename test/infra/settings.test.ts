import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../controller/domain/errors.ts";
import { readSettings } from "../../infra/settings.ts";
import { appWith, CDK_JSON } from "./deployed.ts";

const READER = "arn:aws:iam::111111111111:role/reader";
const read = (settings: object) => readSettings(appWith(settings).node);

describe("settings", () => {
  it("have defaults for all but the fleet, its organization and its external id", () => {
    expect(read({})).toEqual({
      fleet: "production",
      organizationId: "o-exampleorgid",
      externalId: "holdfast-production",
      rolePath: "/",
      engine: "inline",
      schedule: { expression: "rate(6 hours)", timeZone: "Etc/UTC", flexibleMinutes: 15, retryAttempts: 2 },
      evidence: { mode: "governance", days: 2557 },
      secondSignature: false,
      workDays: 400,
      publishers: [],
      readers: [],
      notify: { emails: [], endpoints: [] },
    });
  });

  it("of cdk.json are read as they are", () => {
    expect(read(CDK_JSON.context["holdfast"] as object)).toMatchObject({ fleet: "production" });
  });

  it.each([
    ["more retries than are harmless", { schedule: { retryAttempts: 3 } }, "schedule.retryAttempts"],
    ["something that is no schedule", { schedule: { expression: "daily" } }, "schedule.expression"],
    ["a name with a typing error", { fleets: "production" }, "fleets"],
    ["a number for an account", { hubAccount: 111_111_111_111 }, "hubAccount"],
    ["a user as a publisher", { publishers: ["arn:aws:iam::111111111111:user/me"] }, "publishers"],
    ["a user as a reader", { readers: ["arn:aws:iam::111111111111:user/me"] }, "readers"],
    ["more readers than a trust policy has room for", { readers: Array(5).fill(READER) }, "readers"],
    ["an address that is none", { notify: { emails: ["on-call"] } }, "notify.emails"],
    ["an address in the clear", { notify: { endpoints: ["http://pager.example/hook"] } }, "notify.endpoints"],
    ["an archive without the hub that it lets in", { evidence: { account: "222222222222" } }, "hubAccount"],
    ["an organization that is none", { organizationId: "example" }, "organizationId"],
    ["a path without its last slash", { rolePath: "/holdfast" }, "rolePath"],
    ["a path that would not fit into a boundary", { rolePath: `/${"a".repeat(128)}/` }, "rolePath"],
    ["a bus by its name", { eventBus: "holdfast" }, "eventBus"],
    ["an OU by its name", { stackSet: { organizationalUnits: ["Workloads"], regions: ["eu-west-1"] } }, "stackSet"],
    ["no Region to deploy to", { stackSet: { organizationalUnits: ["r-ab12"], regions: [] } }, "stackSet.regions"],
    ["one pinned file of two", { trust: { reports: "keys.json" } }, "trust.sync"],
  ])("refuse %s, and say where", (_, settings, place) => {
    expect(() => read(settings)).toThrow(HoldfastError);
    expect(() => read(settings)).toThrow(place);
  });

  it("may be given as JSON text, as the CLI's -c gives them", () => {
    const app = appWith({});
    const text = JSON.stringify({ fleet: "staging", organizationId: "o-exampleorgid", externalId: "holdfast-staging" });
    app.node.setContext("holdfast", text);
    expect(readSettings(app.node).fleet).toBe("staging");
  });
});
