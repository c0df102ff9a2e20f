import { INSTALLATION_CLIENTS } from "../../aws/installation-clients.ts";
import { deployedSettings, examine } from "../../doctor/doctor.ts";
import { doctorExitCode, subject, type Finding } from "../../doctor/finding.ts";
import { judgePlatform, readPlatform } from "../../doctor/hub/platform.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { SETTING_NAMES, type Settings } from "../../settings.ts";
import { doctorJson, doctorMarkdown, doctorText } from "../../views/doctor.ts";
import { openCall, openInstallation } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";

/**
 * Looks at an installation and says what to fix. Writes nothing. Exit 1 where something stops runs or evidence, 4 where something
 * could not be looked at, 2 where something is not as it was installed.
 */
export async function doctorCommand(invocation: Invocation): Promise<number> {
  const { flags, environment, terminal } = invocation;
  const call = openCall(settingsOf(invocation, "."), WAYS);
  const platform = await readPlatform(call, flags.function);
  const settings = settingsFound({
    ...invocation,
    environment: { ...deployedSettings(platform), ...used(environment) },
  });
  const given = givenIn(invocation);
  const findings =
    settings instanceof HoldfastError
      ? [unsettled(settings), ...judgePlatform(platform, given)]
      : await examine(await openInstallation(settings, WAYS), platform, {
          given,
          ...(flags.function === undefined ? {} : { ask: flags.function }),
        });
  terminal.out(rendered(findings, invocation));
  return doctorExitCode(findings);
}

const WAYS = { further: INSTALLATION_CLIENTS };

/** An empty setting is none. */
const used = (environment: Invocation["environment"]): Invocation["environment"] =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));

function settingsFound(invocation: Invocation): Settings | HoldfastError {
  try {
    return settingsOf(invocation);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
}

const unsettled = ({ message }: HoldfastError): Finding =>
  subject("settings").wrong("settings.readable", {
    says: message,
    why: "without them doctor does not know which buckets and keys to look at, and a run does not begin",
    fix: "call doctor in the hub account and Region, where it finds the controller's own settings, or give them as flags",
  });

/** Settings by the caller's word, by the names they have in an environment. */
function givenIn({ flags, environment }: Invocation): Readonly<Record<string, string | undefined>> {
  const names = Object.entries(SETTING_NAMES) as [keyof typeof SETTING_NAMES, string][];
  return Object.fromEntries(names.map(([flag, name]) => [name, flags[flag] ?? environment[name]]));
}

function rendered(findings: readonly Finding[], invocation: Invocation): string {
  const format = formatOf(invocation);
  switch (format) {
    case "json":
      return doctorJson(findings);
    case "markdown":
      return doctorMarkdown(findings);
    case "text":
      return doctorText(findings, invocation.terminal);
    default:
      return format satisfies never;
  }
}
