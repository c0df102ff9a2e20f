import { listBackupVaults } from "../../controller/aws/backup-operations.ts";
import { createSimulator } from "../../test/simulator/simulator.ts";
import { ambientFleet, target } from "../../test/support/fleet.ts";
import { show } from "./figures.ts";

/** How many calls a second the tests make. */
export async function simulatorRate(): Promise<void> {
  const account = "111122223333";
  const simulator = createSimulator({
    hubAccount: account,
    accounts: [{ id: account, name: "hub" }],
    regions: ["eu-west-1"],
  });
  const calls = 2_000;
  const call = ambientFleet(simulator).reader(target(account, "eu-west-1"));
  const from = performance.now();
  for (let n = 0; n < calls; n += 1) await call(listBackupVaults, {});
  const rate = (calls * 1_000) / (performance.now() - from);
  show("calls to the simulator", `${rate.toFixed(0)} a second in process, signed and paced on virtual time`);
}
