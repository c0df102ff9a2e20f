import { HoldfastError } from "../domain/errors.ts";
import type { History, ObjectStore } from "../ports.ts";
import { SETTING_NAMES, type Settings } from "../settings.ts";
import { lookInto } from "./fact.ts";
import type { Finding } from "./finding.ts";
import { controllerOf, judgePlatform, type Platform } from "./hub/platform.ts";
import { examineFunctionRoles } from "./hub/role.ts";
import { examineKeys, type Trust } from "./hub/signing.ts";
import { examineStores } from "./hub/stores.ts";
import { askController } from "./members/ask.ts";
import { desiredOf, examineFleet, type FleetWays } from "./members/fleet.ts";

/** An installation, and the ways to look at it. Nothing here writes. */
export interface Installation extends FleetWays {
  readonly settings: Settings;
  readonly history: History;
  readonly work: ObjectStore;
  readonly trust: Trust;
  readonly uuid: () => string;
}

export interface Examining {
  /** Settings by the caller's word, by their names in the environment. */
  readonly given: Readonly<Record<string, string | undefined>>;
  /** ARN of the controller's alias, where it is to look at its members itself; absent: the caller looks. */
  readonly ask?: string;
}

/** Everything, from what starts a run to the last member's settings. */
export async function examine(
  installation: Installation,
  platform: Platform,
  { given, ask }: Examining,
): Promise<readonly Finding[]> {
  const { call, settings, trust } = installation;
  const controller = controllerOf(platform);
  const [stores, keys, desired] = await Promise.all([
    examineStores(installation, controller),
    examineKeys(call, settings, trust, controller),
    lookInto(() => desiredOf(installation)),
  ]);
  const access = desired.seen && !(desired.value instanceof HoldfastError) ? desired.value.fleet.access : undefined;
  return [
    ...judgePlatform(platform, given),
    ...stores,
    ...keys,
    ...(controller
      ? await examineFunctionRoles(call, {
          controller,
          settings,
          ...(platform.engine ? { engine: platform.engine } : {}),
          ...(platform.events ? { events: platform.events } : {}),
          ...(access ? { access } : {}),
        })
      : []),
    ...(ask === undefined
      ? await examineFleet(installation, desired, controller)
      : await askController({ ...installation, id: installation.uuid() }, ask)),
  ];
}

/** Settings that were found where the controller has them, in place of what nobody gave. Paths inside the function mean nothing out here. */
export const deployedSettings = (platform: Platform): Readonly<Record<string, string>> => {
  const {
    [SETTING_NAMES.trust]: _trust,
    [SETTING_NAMES.syncTrust]: _sync,
    ...settings
  } = controllerOf(platform)?.settings ?? {};
  return settings;
};
