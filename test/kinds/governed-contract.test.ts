import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Rule } from "../../controller/domain/desired.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import { foldGoverned } from "../../controller/observe/governed.ts";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { ambientFleet, target } from "../support/fleet.ts";
import { shuffled } from "../support/json.ts";
import { source, viewOf } from "./answers.ts";
import { NO_MEMORY } from "./recovery-point/facts.ts";

/** What is asked of every governed kind, over the registry: a new one meets it by being in it. */

const HUB = "444455556666";
const place = target(HUB, "eu-west-1");

/** Five vaults with three points each, two to a page. */
function ground() {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [{ id: HUB, name: "hub" }],
    regions: ["eu-west-1"],
    pageSize: 2,
  });
  const state = simulator.backup(HUB, "eu-west-1");
  simulator.addKey(HUB, "eu-west-1", { alias: "alias/backup" });
  for (const name of ["app-1", "app-2", "app-3", "app-4", "nightly"]) {
    addVault(state, { name });
    for (const age of [1, 2, 3])
      addRecoveryPoint(state, {
        vault: name,
        resourceArn: `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-${name}`,
        resourceType: "EBS",
        creationDate: new Date(simulator.clock.now().getTime() - age * 86_400_000),
        lifecycle: { DeleteAfterDays: 400 },
      });
  }
  return simulator;
}

describe.each(governedKinds.map((kind) => [kind.name, kind] as const))("%s", (_name, kind) => {
  const { rule: schema, examples } = kind.definition;
  const rule = (spec: unknown): Rule => ({
    kind: kind.name,
    name: "policy",
    target: place,
    spec,
    management: { mode: "enforce" },
    source,
  });
  const fold = (simulator: ReturnType<typeof ground>, spec: unknown) => {
    const call = ambientFleet(simulator).reader(place);
    return foldGoverned(kind, {
      call,
      elsewhere: () => undefined,
      target: place,
      rules: [rule(spec)],
      now: simulator.clock.now(),
      room: 100,
      sink: async () => {},
      view: viewOf({}),
      survey: () => undefined,
      memory: NO_MEMORY,
    });
  };
  const firstOf = (step: string): string => kind.steps.find((one) => one.step === step)!.uses[0]!.name.split(":")[1]!;

  it("parses its examples, as does the JSON Schema made of it, and fills their defaults in once", () => {
    const validate = new Ajv2020({ strict: false, formats: { "date-time": true } }).compile(
      z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" }),
    );
    for (const example of [examples.smallest, examples.fullest]) {
      expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
      expect(schema.parse(schema.parse(example))).toEqual(schema.parse(example));
    }
  });

  it("judges the same by a policy in another order", async () => {
    const [one, two] = [await fold(ground(), examples.fullest), await fold(ground(), shuffled(examples.fullest))];
    expect(two).toEqual(one);
  });

  it("reads every partition whole, and counts all there is", async () => {
    const results = await fold(ground(), examples.smallest);
    expect(results.map(({ partition, status, population }) => [partition, status, population])).toEqual(
      ["app-1", "app-2", "app-3", "app-4", "nightly"].map((name) => [name, "complete", 3]),
    );
  });

  it("says of partitions listed by half that it knows none: a missing one may be among the rest", async () => {
    const simulator = ground();
    simulator.faults.add({ operation: firstOf("partitions"), page: 2, effect: { kind: "deny" } });
    expect(await fold(simulator, examples.smallest)).toMatchObject([
      { partition: "*", status: "incomplete", failure: { kind: "denied" }, findings: [] },
    ]);
  });

  it.each(["deny", "throttle", "unavailable"] as const)(
    "says of a stream that ended in %s that it is not whole",
    async (effect) => {
      const simulator = ground();
      simulator.faults.add({ operation: firstOf("stream"), page: 2, effect: { kind: effect } });
      const results = await fold(simulator, examples.smallest);
      expect(results.map(({ status, failure }) => [status, failure !== undefined])).toEqual(
        Array.from({ length: 5 }, () => ["incomplete", true]),
      );
    },
  );

  it("reads by the role that only reads, and writes by roles that do nothing else", () => {
    const reading = new Set(["survey", "partitions", "stream", "examine"]);
    const elsewhere = (step: string) => step.endsWith(".elsewhere");
    for (const { step, role } of kind.steps)
      expect([step, role === "observe"]).toEqual([step, reading.has(step) || elsewhere(step)]);
  });

  it("comes after kinds that there are", () => {
    expect(kind.after.filter((name) => !kinds.some((other) => other.name === name))).toEqual([]);
  });
});
