/** A process of its own that takes the lease and ends without giving it back. */
import { idle, systemClock } from "../../controller/local/clock.ts";
import { createFolderStore } from "../../controller/local/folder-store.ts";
import { createLeases } from "../../controller/work/lease.ts";

const store = createFolderStore(process.argv[2] ?? "");
const lease = await createLeases({ store, clock: systemClock, idle }).take("run-1");
process.stdout.write("holder" in lease ? lease.holder : lease.heldBy);
