import { beforeAll, describe, expect, it } from "vitest";
import { doctorExitCode, type Finding } from "../../controller/doctor/finding.ts";
import { changed as changedThing, type Break } from "./breaking.ts";
import { doctorsPolicy } from "./engineer.ts";
import { controllerOf, DURABLE, HUB, installed, IRELAND, SHOP, type Installed } from "./scene.ts";

/** The layout of large fleets: a coordinator and workers are deployed as well. */
let world: Installed;
beforeAll(async () => {
  world = await installed(DURABLE);
});

const notWell = (findings: readonly Finding[]) => findings.filter(({ health }) => health !== "ok");

const functionOf = ({ simulator }: Installed, entry: "coordinator" | "worker") =>
  [...simulator.platform(HUB, IRELAND).functions.values()].find(({ handler }) => handler === `${entry}.handler`)!;

const changed =
  (entry: "coordinator" | "worker", change: (w: Installed) => Partial<ReturnType<typeof functionOf>>): Break =>
  (w) =>
    changedThing(functionOf(w, entry), change(w));

/** One variable of a function's environment, set to something else or taken away. */
const variable =
  (of: (w: Installed) => { environment: Record<string, string> }, name: string, value?: string): Break =>
  (w) => {
    const found = of(w);
    const before = found.environment;
    const { [name]: _gone, ...others } = before;
    found.environment = value === undefined ? others : { ...others, [name]: value };
    return () => void (found.environment = before);
  };

/** A role with something in its trust or policies written otherwise. */
const rewritten =
  (account: string, role: string, from: string, to: string): Break =>
  ({ simulator }) => {
    const now = simulator.iam.role(`arn:aws:iam::${account}:role/${role}`)!;
    const { name, trust, boundary, boundaryArn } = now;
    const was = { name, trust, boundaryArn, inline: Object.fromEntries(now.inline), ...(boundary ? { boundary } : {}) };
    const again = JSON.stringify({ trust, inline: was.inline }).replaceAll(from, to);
    if (!again.includes(to)) throw new RangeError(`${role} says nothing of ${from}`);
    simulator.iam.putRole(account, { ...was, ...(JSON.parse(again) as Pick<typeof was, "trust" | "inline">) });
    return () => void simulator.iam.putRole(account, was);
  };

interface Row {
  readonly because: string;
  readonly breaks: Break;
  readonly check: string;
  readonly about: RegExp;
  readonly says: RegExp;
  readonly health?: Finding["health"];
}

const ROWS: readonly Row[] = [
  {
    because: "a coordinator without its alias starts no run",
    breaks: (w) => {
      const { aliases } = functionOf(w, "coordinator");
      aliases.delete("live");
      return () => void aliases.set("live", "1");
    },
    check: "engine.exists",
    about: /^coordinator /,
    says: /no such function or alias, and HOLDFAST_COORDINATOR/,
  },
  {
    because: "what is called without an alias is whatever was uploaded last",
    breaks: (w) => variable(() => functionOf(w, "coordinator"), "HOLDFAST_WORKER", workerArn(w))(w),
    check: "engine.exists",
    about: /^worker /,
    says: /HOLDFAST_WORKER of the coordinator names no alias/,
  },
  {
    because: "what is not durable ends with its first invocation",
    breaks: changed("coordinator", () => ({ durable: undefined })),
    check: "engine.durable",
    about: /^coordinator /,
    says: /no durable function/,
  },
  {
    because: "an execution of one invocation's length is no help",
    breaks: changed("coordinator", () => ({ durable: { executionSeconds: 900, retentionDays: 14 } })),
    check: "engine.durable",
    about: /^coordinator /,
    says: /ends after 900 s/,
    health: "warn",
  },
  {
    because: "Lambda's own retry begins a failed run again",
    breaks: changed("coordinator", () => ({ retries: new Map() })),
    check: "function.retries",
    about: /^coordinator /,
    says: /again, 2 times/,
    health: "warn",
  },
  {
    because: "a shard that is cut off is carried again and again",
    breaks: changed("worker", () => ({ timeoutSeconds: 60 })),
    check: "function.timeout",
    about: /^worker /,
    says: /cut off after 60 s/,
    health: "warn",
  },
  {
    because: "a worker that is stopped carries nothing",
    breaks: changed("worker", () => ({ reservedConcurrency: 0 })),
    check: "function.concurrency",
    about: /^worker /,
    says: /reserved concurrency is 0/,
  },
  {
    because: "another role cannot sign",
    breaks: changed("coordinator", () => ({ role: `arn:aws:iam::${HUB}:role/somebody` })),
    check: "engine.role",
    about: /^coordinator /,
    says: /runs as .*role\/somebody/,
  },
  {
    because: "a worker with the controller's role can sign and destroy",
    breaks: changed("worker", (w) => ({ role: controllerOf(w.simulator).role })),
    check: "engine.role",
    about: /^worker /,
    says: /runs as the controller's role/,
  },
  {
    because: "a coordinator that knows no worker carries nothing",
    breaks: (w) => variable(() => functionOf(w, "coordinator"), "HOLDFAST_WORKER")(w),
    check: "engine.worker",
    about: /^coordinator /,
    says: /HOLDFAST_WORKER is not set/,
  },
  {
    because: "another work store is another lease",
    breaks: (w) => variable(() => functionOf(w, "coordinator"), "HOLDFAST_WORK", "s3://another")(w),
    check: "engine.settings",
    about: /^coordinator /,
    says: /HOLDFAST_WORK is s3:\/\/another/,
  },
  {
    because: "a worker attaches to the evidence of the run it is part of",
    breaks: (w) => variable(() => functionOf(w, "worker"), "HOLDFAST_EVIDENCE")(w),
    check: "engine.settings",
    about: /^worker /,
    says: /HOLDFAST_EVIDENCE is not set/,
  },
  {
    because: "a worker that may enter to destroy is more than was reviewed",
    breaks: rewritten(HUB, "holdfast-worker", "holdfast-retain", "holdfast-destroy"),
    check: "role.policy",
    about: /^role holdfast-worker$/,
    says: /is missing or says something else/,
  },
  {
    because: "a right to hand runs over to another function is not the reviewed one",
    breaks: rewritten(HUB, "holdfast-controller", ":function:EngineCoordinator", ":function:Another"),
    check: "role.policy",
    about: /^role holdfast-controller$/,
    says: /policy coordinator is not as reviewed/,
  },
  {
    because: "members know the workers by their role, and nobody else",
    breaks: rewritten(SHOP, "holdfast-apply", "role/holdfast-worker", "role/somebody"),
    check: "role.trust",
    about: /^role holdfast-apply$/,
    says: /trust is not as reviewed/,
  },
];

const workerArn = (w: Installed): string => `arn:aws:lambda:${IRELAND}:${HUB}:function:${functionOf(w, "worker").name}`;

describe("doctor, of an installation with the durable engine", () => {
  it("finds all well", async () => {
    const findings = await world.doctor();
    expect(notWell(findings)).toEqual([]);
    expect(doctorExitCode(findings)).toBe(0);
    expect(findings.map(({ says }) => says)).toEqual(
      expect.arrayContaining([
        "it is durable: an execution may take 21600 s",
        "its policy worker is the reviewed one",
        "its policy coordinator is the reviewed one",
        "it trusts the controller and its workers alone",
      ]),
    );
  });

  it("lets somebody look at all of it who has infra/policies/doctor.json", async () => {
    const engineer = world.simulator.iam.putUser(HUB, "engineer", [doctorsPolicy(world)]);
    expect(notWell(await world.doctor({ as: engineer }))).toEqual([]);
  });

  it.each(ROWS)("$check: $because", async ({ breaks, check, about, says, health = "wrong" }) => {
    const mend = breaks(world);
    const broken = notWell(await world.doctor().finally(mend));
    const found = broken.find((one) => one.check === check && about.test(one.about) && says.test(one.says));
    expect(found, JSON.stringify(broken, null, 2)).toMatchObject({ health });
    expect([found?.why, found?.fix].every((text) => (text ?? "") !== "")).toBe(true);
  });

  it("finds all well again once everything is mended", async () => {
    expect(notWell(await world.doctor())).toEqual([]);
  });
});
