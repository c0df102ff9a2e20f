import { createOrganization } from "../aws/organizations.ts";
import type { Notices, ObjectStore } from "../ports.ts";
import type { Ground, Surroundings } from "./ground.ts";

/** Read when there is something to tell: no run waits for it before it has mended what there was to mend (decision 10). */
export function noticesFrom(
  how: NonNullable<Surroundings["notices"]>,
  store: ObjectStore,
  { random = Math.random }: Surroundings,
  { edge: { clock }, call, log }: Ground,
): Notices {
  const opened = async () => {
    const { createNotices } = await import("../notices/notices.ts");
    return createNotices({ ...how, store, call, clock, random, log, organization: createOrganization(call) });
  };
  return {
    heard: async () => (await opened()).heard(),
    tell: async (told, notifications) => (await opened()).tell(told, notifications),
  };
}
