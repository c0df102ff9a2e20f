import { HttpResponse } from "@smithy/core/protocols";
import { describe, expect, it } from "vitest";
import {
  createBackupVault,
  getVaultPolicy,
  listBackupVaults,
  updateBackupPlan,
} from "../../controller/aws/backup-operations.ts";
import { createFleetAccess } from "../../controller/aws/fleet.ts";
import { AwsError, HoldfastError, type AwsFailure } from "../../controller/domain/errors.ts";
import type { Fault } from "../simulator/faults.ts";
import { access, here, HUB, MEMBER, REGION, world } from "./world.ts";

const vault = { BackupVaultName: "nightly", CreatorRequestId: "hf.1" };

/** The failure a call ends with; undefined where it succeeds. */
const failing = async (work: Promise<unknown>): Promise<AwsFailure | undefined> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.failure;
    throw error;
  }
};

describe("a reader", () => {
  it("enters the account in the run's name, once for all its calls", async () => {
    const { fleet, simulator, time } = world();
    const call = fleet.reader(here);
    await time.until(Promise.all([call(listBackupVaults, {}), call(listBackupVaults, {})]));
    const calls = simulator.calls.all();
    expect(calls.map(({ operation }) => operation)).toEqual(["AssumeRole", "ListBackupVaults", "ListBackupVaults"]);
    expect(calls[1]).toMatchObject({
      account: MEMBER,
      region: REGION,
      principal: `arn:aws:sts::${MEMBER}:assumed-role/hf-observe/run-1`,
      sourceIdentity: "run-1",
    });
    expect(fleet.calls()).toEqual({ list: 2 });
  });

  it("writes nothing", async () => {
    const { fleet, simulator } = world();
    await expect(fleet.reader(here)(createBackupVault, vault)).rejects.toMatchObject({ code: "operation-not-granted" });
    expect(simulator.calls.all()).toEqual([]);
  });

  it("tells an account that does not let it in from one that denies a call", async () => {
    const { simulator, time, edge } = world();
    const stranger = createFleetAccess(edge)({ ...access, externalId: "another" }, "run-1").reader(here);
    const failure = await time.until(failing(stranger(listBackupVaults, {})));
    expect(failure).toMatchObject({ kind: "unreachable", operation: "sts:AssumeRole" });
    expect(failure?.message).toContain(`arn:aws:iam::${MEMBER}:role/holdfast/hf-observe`);
    expect(failure?.message).toContain("trust policy");

    await time.until(failing(stranger(listBackupVaults, {})));
    expect(simulator.calls.all(), "a refusal is remembered for a while").toHaveLength(1);
    time.pass(61_000);
    await time.until(failing(stranger(listBackupVaults, {})));
    expect(simulator.calls.all()).toHaveLength(2);
  });

  it("renews its session five minutes before it ends", async () => {
    const { fleet, simulator, time } = world();
    const entries = () => simulator.calls.all().filter(({ operation }) => operation === "AssumeRole").length;
    const look = () => time.until(fleet.reader(here)(listBackupVaults, {}));
    await look();
    time.pass(54 * 60_000);
    await look();
    expect(entries()).toBe(1);
    time.pass(2 * 60_000);
    await look();
    expect(entries()).toBe(2);
  });

  it("refreshes credentials that ended early, once", async () => {
    const { fleet, simulator, time } = world();
    const until = simulator.faults.add({ effect: { kind: "expired-token" }, operation: "ListBackupVaults", times: 1 });
    await time.until(fleet.reader(here)(listBackupVaults, {}));
    until();
    simulator.faults.add({ effect: { kind: "expired-token" }, operation: "ListBackupVaults" });
    expect(await time.until(failing(fleet.reader(here)(listBackupVaults, {})))).toMatchObject({ kind: "expired" });
    const enter = "AssumeRole";
    const list = "ListBackupVaults";
    const made = simulator.calls.all().map(({ operation }) => operation);
    expect(made).toEqual([enter, list, enter, list, list, enter, list]);
  });

  it.each<[string, Fault["effect"], number]>([
    ["a throttle", { kind: "throttle" }, 3],
    ["a server fault", { kind: "unavailable" }, 3],
    ["a lost answer", { kind: "lose" }, 3],
    ["a refused connection", { kind: "refuse-connection" }, 3],
    ["a proxy's page", { kind: "html", status: 200 }, 3],
    ["a proxy's page with a 404", { kind: "html", status: 404 }, 3],
  ])("outlasts %s", async (_, effect, times) => {
    const { fleet, simulator, time } = world();
    simulator.faults.add({ effect, operation: "ListBackupVaults", times });
    const { BackupVaultList } = await time.until(fleet.reader(here)(listBackupVaults, {}));
    expect(BackupVaultList).toEqual([]);
    expect(time.elapsed(), "every wait is on the injected clock").toBeGreaterThan(500);
    expect(fleet.calls()).toEqual({ list: times + 1 });
  });

  it.each<[string, Fault["effect"], AwsFailure["kind"]]>([
    ["throttles", { kind: "throttle" }, "throttled"],
    ["server faults", { kind: "unavailable" }, "unavailable"],
    ["a proxy's page", { kind: "html", status: 200 }, "unavailable"],
    ["a proxy's page with a 404", { kind: "html", status: 404 }, "unavailable"],
    ["denials", { kind: "deny" }, "denied"],
  ])("gives up on endless %s, and says what it was", async (_, effect, kind) => {
    const { fleet, simulator, time } = world();
    simulator.faults.add({ effect, operation: "ListBackupVaults" });
    expect(await time.until(failing(fleet.reader(here)(listBackupVaults, {})))).toMatchObject({ kind });
  });

  it("takes an empty success without a request id for what it is: no listing, least of all an empty one", async () => {
    const anybody = {
      handle: () =>
        Promise.resolve({ response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from("{}") }) }),
    };
    const { controller, time } = world({ settings: { requestHandler: anybody } });
    expect(await time.until(failing(controller(listBackupVaults, {})))).toMatchObject({ kind: "unavailable" });
    const created = failing(controller(createBackupVault, vault));
    expect(await time.until(created)).toMatchObject({ kind: "unanswered" });
  });

  it("stops trying where the next try would come after the deadline", async () => {
    const { fleet, simulator, time } = world({ deadline: 1000 });
    simulator.faults.add({ effect: { kind: "throttle" }, operation: "ListBackupVaults" });
    expect(await time.until(failing(fleet.reader(here)(listBackupVaults, {})))).toMatchObject({ kind: "throttled" });
    expect(time.elapsed()).toBeLessThanOrEqual(1000);
  });

  it("sees a missing vault as AWS shows it: denied, which is not absent", async () => {
    const { fleet, time } = world();
    const failure = await time.until(failing(fleet.reader(here)(getVaultPolicy, { BackupVaultName: "no-such" })));
    expect(failure).toMatchObject({ kind: "denied", code: "AccessDeniedException" });
  });
});

describe("a writer", () => {
  it("records the one try, with the request id of the answer", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    await time.until(fleet.writer(here, "apply", lease, record)(createBackupVault, vault));
    const created = simulator.calls.writes().at(-1);
    expect(created).toMatchObject({ principal: `arn:aws:sts::${MEMBER}:assumed-role/hf-apply/run-1` });
    expect(attempts).toEqual([
      {
        target: here,
        role: "apply",
        operation: "backup:CreateBackupVault",
        at: "2026-01-01T00:00:00.000Z",
        requestId: created?.requestId,
      },
    ]);
  });

  it("records every try, refused ones with the reason", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    simulator.faults.add({ effect: { kind: "throttle" }, operation: "CreateBackupVault", times: 2 });
    await time.until(fleet.writer(here, "apply", lease, record)(createBackupVault, vault));
    expect(attempts.map(({ failure }) => failure?.kind)).toEqual(["throttled", "throttled", undefined]);
    expect(attempts.every(({ requestId }) => requestId !== undefined)).toBe(true);
  });

  it("never sends again what may have happened", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    simulator.faults.add({ effect: { kind: "lose" }, operation: "CreateBackupVault" });
    const failure = await time.until(failing(fleet.writer(here, "apply", lease, record)(createBackupVault, vault)));
    expect(failure?.kind).toBe("unanswered");
    expect(simulator.calls.writes(), "AWS did it").toHaveLength(1);
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).not.toHaveProperty("requestId");
  });

  it("sends a token's create again after a server fault, and an update without one not", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    const call = fleet.writer(here, "apply", lease, record);
    simulator.faults.add({ effect: { kind: "unavailable" }, operation: "CreateBackupVault", times: 1 });
    simulator.faults.add({ effect: { kind: "unavailable" }, operation: "UpdateBackupPlan" });
    await time.until(call(createBackupVault, vault));
    const plan = { BackupPlanName: "p", Rules: [] };
    const update = call(updateBackupPlan, { BackupPlanId: "1", BackupPlan: plan });
    expect(await time.until(failing(update))).toMatchObject({ kind: "unavailable" });
    expect(attempts.map(({ operation }) => operation)).toEqual([
      "backup:CreateBackupVault",
      "backup:CreateBackupVault",
      "backup:UpdateBackupPlan",
    ]);
  });

  it("asks the lease immediately before every sending, and sends nothing without it", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    simulator.faults.add({ effect: { kind: "throttle" }, operation: "CreateBackupVault" });
    let left = 1;
    const held = {
      ...lease,
      assertHeld: () => {
        left -= 1;
        if (left < 0) throw new HoldfastError("lease-lost", "the lease ran out");
      },
    };
    const work = time.until(fleet.writer(here, "apply", held, record)(createBackupVault, vault));
    await expect(work).rejects.toMatchObject({ code: "lease-lost" });
    expect(attempts).toHaveLength(1);
    expect(simulator.calls.all().filter(({ operation }) => operation === "CreateBackupVault")).toHaveLength(1);
  });

  it("records nothing where the account could not be entered: nothing was sent", async () => {
    const { fleet, simulator, time, lease, attempts, record } = world();
    simulator.faults.add({ effect: { kind: "deny" }, operation: "AssumeRole" });
    const failure = await time.until(failing(fleet.writer(here, "destroy", lease, record)(createBackupVault, vault)));
    expect(failure?.kind).toBe("unreachable");
    expect(attempts).toEqual([]);
    expect(fleet.calls()).toEqual({});
  });
});

describe("ambient access", () => {
  const ambient = { ...access, mode: "ambient" } as const;

  it("uses the caller's own credentials for the caller's own account", async () => {
    const { edge, simulator, time } = world();
    const hub = { ...here, account: HUB } as typeof here;
    await time.until(createFleetAccess(edge)(ambient, "run-1").reader(hub)(listBackupVaults, {}));
    expect(simulator.calls.all().map(({ operation, account }) => [operation, account])).toEqual([
      ["GetCallerIdentity", HUB],
      ["ListBackupVaults", HUB],
    ]);
  });

  it("takes them for no other account: they would look at, and mend, the wrong one", async () => {
    const { edge, simulator, time } = world();
    const failure = await time.until(
      failing(createFleetAccess(edge)(ambient, "run-1").reader(here)(listBackupVaults, {})),
    );
    expect(failure).toMatchObject({ kind: "unreachable", operation: "sts:GetCallerIdentity" });
    expect(simulator.calls.all().map(({ operation }) => operation)).toEqual(["GetCallerIdentity"]);
  });
});
