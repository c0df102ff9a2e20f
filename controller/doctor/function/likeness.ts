import { SETTING_NAMES } from "../../settings.ts";
import type { Finding, Subject } from "../finding.ts";
import type { LiveFunction } from "./read.ts";

/** Whatever reports signs and destroys in the controller's name, which keys and members know by that role. */
export const judgeSameRole = (of: Subject, check: string, { role }: LiveFunction, controller: LiveFunction): Finding =>
  role === controller.role
    ? of.ok(check, "it runs as the controller's role")
    : of.wrong(check, {
        says: `it runs as ${role}, and the controller as ${controller.role}`,
        why: "the key lets the controller's role alone sign, and members let it alone destroy",
        fix: "npx cdk deploy holdfast-hub, which has both run as one role",
      });

interface Compared {
  readonly live: LiveFunction;
  readonly controller: LiveFunction;
  /** Those that count. Default: all there are. */
  readonly names?: readonly string[];
}

/** What carries a run in the controller's place reads and writes where the controller would have. */
export function judgeAgreement(
  of: Subject,
  { check, ...comes }: { readonly check: string; readonly why: string; readonly fix: string },
  { live, controller, names = Object.values(SETTING_NAMES) }: Compared,
): readonly Finding[] {
  const other = names.filter((name) => live.settings[name] !== controller.settings[name]);
  if (other.length === 0) return [of.ok(check, "its settings are the controller's")];
  return other.map((name) =>
    of.wrong(check, {
      says: `its ${name} is ${live.settings[name] ?? "not set"}, and the controller's ${controller.settings[name] ?? "not set"}`,
      ...comes,
    }),
  );
}
