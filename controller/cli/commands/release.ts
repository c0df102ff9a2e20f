import { FLEET_TAG, RESOURCE_TAG } from "../../kinds/tags.ts";
import { kinds } from "../../kinds/index.ts";
import { load } from "../../load/load.ts";
import { ownedBy } from "../../observe/owned.ts";
import { releaseJson, releaseScript, type ReleaseView } from "../../views/release.ts";
import { readsAlone } from "../../settings.ts";
import { VERSION } from "../../version.ts";
import { createReading } from "../../world.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { inScope } from "../../decide/scope.ts";
import { newRun } from "../run.ts";

/** Says how to let go of what the fleet owns. Of AWS it only reads: no role of ours may take a tag away. */
export async function releaseCommand(invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const settings = settingsOf(invocation);
  const reading = await createReading(settings, { progress: terminal.progress });
  const { clock, source, organization } = reading;
  const run = newRun(clock, scopeOf(invocation), { standalone: readsAlone(settings) });
  const desired = inScope(await load(await source.read(), organization, clock.now()), run.scope);
  const owned = await ownedBy(desired, { clock, fleet: reading.enter(desired.fleet.access, run.id), kinds });
  const view: ReleaseView = {
    fleet: desired.fleet.name,
    version: VERSION,
    tagKeys: [FLEET_TAG, RESOURCE_TAG],
    ...owned,
  };
  terminal.out(formatOf(invocation) === "json" ? releaseJson(view) : releaseScript(view));
  const [first] = owned.unread;
  if (first === undefined) return 0;
  terminal.err(
    `holdfast: not whole: ${owned.unread.length} parts of the fleet could not be read; the script names them`,
  );
  return 4;
}
