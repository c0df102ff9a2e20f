import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Rule } from "../../controller/domain/desired.ts";
import { governedKinds, kinds } from "../../controller/kinds/index.ts";
import { foldGoverned } from "../../controller/observe/governed.ts";
import { addRecoveryPoint, addRestoreJob, addVault } from "../simulator/backup/build.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { ambientFleet, target } from "../support/fleet.ts";
import { shuffled } from "../support/json.ts";
import { source, viewOf } from "./answers.ts";
import { NO_MEMORY } from "./recovery-point/facts.ts";

/** What is asked of every governed kind, over the registry: a new one meets it by being in it. */

const HUB = "444455556666";
const place = target(HUB, "eu-west-1");

interface Rows {
  readonly place: (simulator: Simulator) => void;
  /** The partitions that there are then, and the rows of each. */
  readonly partitions: readonly string[];
  readonly each: number;
  /** What is said where the first listing of `partitions` broke off on its second page. Absent: nothing is listed to know them. */
  readonly halfListed?: readonly object[];
}

/** What each kind has rows of, two to a page. */
const ROWS: Readonly<Record<string, Rows>> = {
  "recovery-point": {
    place: (simulator) => {
      for (const name of ["app-1", "app-2", "app-3", "app-4", "nightly"]) placePoints(simulator, name);
    },
    partitions: ["app-1", "app-2", "app-3", "app-4", "nightly"],
    each: 3,
    // A missing one may be among the rest.
    halfListed: [{ partition: "*", status: "incomplete", failure: { kind: "denied" }, findings: [] }],
  },
  "protected-resource": {
    place: (simulator) => {
      for (const id of ["1", "2", "3"])
        simulator.addResource(HUB, "eu-west-1", {
          arn: `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-${id}`,
          type: "EBS",
          tags: { id },
        });
    },
    partitions: ["resources"],
    each: 3,
  },
  "restore-test": {
    place: (simulator) => {
      const testing = { planArn: `arn:aws:backup:eu-west-1:${HUB}:restore-testing-plan:monthly-1` };
      for (const point of placePoints(simulator, "nightly"))
        addRestoreJob(simulator.backup(HUB, "eu-west-1"), { point, testing: { ...testing, validationWindowHours: 0 } });
      for (const id of ["1", "2", "3"])
        simulator.addResource(HUB, "eu-west-1", {
          arn: `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-restored-${id}`,
          type: "EBS",
          tags: { "awsbackup-restore-test": id },
        });
    },
    partitions: ["restore-tests"],
    each: 3,
    // Jobs are all read; what they left behind is in doubt.
    halfListed: [{ partition: "restore-tests", status: "complete", failure: { kind: "denied" }, findings: [] }],
  },
};

function placePoints(simulator: Simulator, vault: string) {
  const state = simulator.backup(HUB, "eu-west-1");
  addVault(state, { name: vault });
  return [1, 2, 3].map((age) =>
    addRecoveryPoint(state, {
      vault,
      resourceArn: `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-${vault}`,
      resourceType: "EBS",
      creationDate: new Date(simulator.clock.now().getTime() - age * 86_400_000),
      lifecycle: { DeleteAfterDays: 400 },
    }),
  );
}

function groundFor({ place }: Rows): Simulator {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [{ id: HUB, name: "hub" }],
    regions: ["eu-west-1"],
    pageSize: 2,
  });
  simulator.addKey(HUB, "eu-west-1", { alias: "alias/backup" });
  place(simulator);
  return simulator;
}

describe.each(governedKinds.map((kind) => [kind.name, kind] as const))("%s", (_name, kind) => {
  const { rule: schema, examples } = kind.definition;
  const rows = ROWS[kind.name]!;
  const ground = () => groundFor(rows);
  const rule = (spec: unknown): Rule => ({
    kind: kind.name,
    name: "policy",
    target: place,
    spec,
    management: { mode: "enforce" },
    source,
  });
  const fold = (simulator: Simulator, spec: unknown) => {
    const call = ambientFleet(simulator).reader(place);
    return foldGoverned(kind, {
      call,
      elsewhere: () => undefined,
      target: place,
      targets: [place],
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
      rows.partitions.map((name) => [name, "complete", rows.each]),
    );
  });

  const { halfListed } = rows;
  it.each(halfListed ? [halfListed] : [])(
    "says of partitions listed by half what it does not know",
    async (...told) => {
      const simulator = ground();
      simulator.faults.add({ operation: firstOf("partitions"), page: 2, effect: { kind: "deny" } });
      expect(await fold(simulator, examples.smallest)).toMatchObject(told);
    },
  );

  it.each(halfListed ? [] : [kind])("asks nothing to know its partitions", ({ steps }) => {
    expect(steps.find(({ step }) => step === "partitions")?.uses).toEqual([]);
  });

  it.each(["deny", "throttle", "unavailable"] as const)(
    "says of a stream that ended in %s that it is not whole",
    async (effect) => {
      const simulator = ground();
      simulator.faults.add({ operation: firstOf("stream"), page: 2, effect: { kind: effect } });
      const results = await fold(simulator, examples.smallest);
      expect(results.map(({ status, failure }) => [status, failure !== undefined])).toEqual(
        rows.partitions.map(() => ["incomplete", true]),
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
