import { describe, expect, it } from "vitest";
import { createClients } from "../../controller/aws/clients.ts";
import { createControllerCall } from "../../controller/aws/fleet.ts";
import { createOrganization } from "../../controller/aws/organizations.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import { createSimulator, type SimulatorOptions } from "../simulator/simulator.ts";
import { virtualTime } from "./virtual-time.ts";

const HUB = "111111111111";
const many = Array.from({ length: 9 }, (_, index) => ({ id: `30000000000${index}`, name: `m${index}`, ou: "Sandbox" }));

function given(options: Partial<SimulatorOptions> = {}) {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [
      { id: HUB, name: "hub" },
      { id: "222222222222", name: "shop", ou: "Workloads/Production", tags: { stage: "production" } },
      { id: "444444444444", name: "closed", status: "SUSPENDED" },
      ...many,
    ],
    regions: ["eu-west-1"],
    ...options,
  });
  const time = virtualTime(simulator.clock.now());
  const call = createControllerCall({
    clients: createClients({
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIAHUB", secretAccessKey: "secret" },
      requestHandler: simulator.handler(),
      allowHttp: false,
    }),
    clock: time.clock,
    pacing: createPacing(time.clock),
    deadline: Number.POSITIVE_INFINITY,
    random: () => 0.5,
  });
  return { simulator, time, organization: createOrganization(call) };
}

describe("the organization", () => {
  it("lists every account, with its units from the nearest up, over pages that may be empty", async () => {
    const { organization, time, simulator } = given();
    const accounts = await time.until(organization.accounts());
    expect(accounts).toHaveLength(12);
    const unit = (name: string) => [...simulator.organization.units.values()].find((one) => one.name === name)?.id;
    expect(accounts.find(({ id }) => id === "222222222222")).toEqual({
      id: "222222222222",
      name: "shop",
      status: "ACTIVE",
      tags: { stage: "production" },
      organizationalUnits: [unit("Production"), unit("Workloads")],
    });
    expect(accounts.find(({ id }) => id === "444444444444")).toMatchObject({
      status: "SUSPENDED",
      organizationalUnits: [],
    });
  });

  it("asks about each unit once", async () => {
    const { organization, time, simulator } = given();
    await time.until(organization.accounts());
    const asked = simulator.calls.all().filter(({ operation }) => operation === "ListParents");
    const children = asked.map(({ input }) => input["ChildId"]);
    expect(new Set(children).size).toBe(children.length);
  });

  it.each(["ListAccounts", "ListParents", "ListTagsForResource"])(
    "is whole or not at all: a denied %s leaves the fleet unresolved",
    async (operation) => {
      const { organization, time, simulator } = given();
      simulator.faults.add({ effect: { kind: "deny" }, operation, after: 1 });
      const work = time.until(organization.accounts());
      await expect(work).rejects.toMatchObject({ code: "fleet-unresolved" });
      await expect(work).rejects.toThrow(new RegExp(`organizations:${operation}.*delegated administrator`, "s"));
    },
  );

  it("outlasts throttles", async () => {
    const { organization, time, simulator } = given();
    simulator.faults.add({ effect: { kind: "throttle" }, operation: "ListAccounts", times: 3 });
    expect(await time.until(organization.accounts())).toHaveLength(12);
  });

  it("that is none says to name accounts by their ids", async () => {
    const { organization, time } = given({
      managementAccount: "222222222222",
      accounts: [
        { id: HUB, name: "hub", outside: true },
        { id: "222222222222", name: "shop" },
      ],
    });
    await expect(time.until(organization.accounts())).rejects.toThrow(/name the fleet's accounts by their ids/);
  });

  it("knows the caller", async () => {
    const { organization, time } = given();
    expect(await time.until(organization.caller())).toMatchObject({ account: HUB });
  });
});
