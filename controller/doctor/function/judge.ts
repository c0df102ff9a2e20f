import { SETTING_NAMES } from "../../settings.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import type { LiveFunction } from "./read.ts";

/** Seconds: Lambda's most, and what the stack asks for. A run keeps the last minute for its report. */
const WHOLE_TIMEOUT = 900;

const DEPLOY = "npx cdk deploy holdfast-hub, which sets it as reviewed";

/** How the function is set up that carries the runs. `given`: settings that doctor itself was called with, by their names in the environment. */
export function judgeFunction(
  arn: string,
  found: Fact<LiveFunction | undefined>,
  given: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const of = subject(`controller ${arn.split(":").slice(6).join(":")}`);
  return of.judge("function.exists", "its configuration", found, (controller) =>
    controller === undefined
      ? of.wrong("function.exists", {
          says: "there is no such function or alias, and the schedule starts it",
          why: "every start fails",
          fix: "npx cdk deploy holdfast-hub, in this account and Region",
        })
      : [
          ...judgeCarrying(of, controller),
          ...judgeAlone(of, controller),
          ...judgePins(of, controller),
          ...judgeSettings(of, controller, given),
        ],
  );
}

/** What holds of every function that carries a run, or a part of one. */
export const judgeCarrying = (of: Subject, live: LiveFunction): readonly Finding[] => [
  judgeState(of, live),
  judgeTimeout(of, live),
  ...judgeRetries(of, live),
];

const judgeState = (of: Subject, { name, state }: LiveFunction): Finding =>
  state === "Active" || state === "Inactive"
    ? of.ok("function.state", `it is ${state.toLowerCase()}`)
    : of.wrong("function.state", {
        says: `its state is ${state}`,
        why: "it answers no start",
        fix: `read StateReason in aws lambda get-function-configuration --function-name ${name}, mend that, and run npx cdk deploy holdfast-hub`,
      });

const judgeTimeout = (of: Subject, { timeoutSeconds }: LiveFunction): Finding =>
  timeoutSeconds >= WHOLE_TIMEOUT
    ? of.ok("function.timeout", `a run may take ${timeoutSeconds} s`)
    : of.warn("function.timeout", {
        says: `a run is cut off after ${timeoutSeconds} s`,
        why: "it stops starting work a minute before, so that little is left for the fleet",
        fix: DEPLOY,
      });

/** Rule 22: one run at a time. */
export const judgeAlone = (of: Subject, { name, reserved }: LiveFunction): readonly Finding[] =>
  of.judge("function.concurrency", "its reserved concurrency", reserved, (count) => {
    if (count === 1) return of.ok("function.concurrency", "it runs once at a time");
    if (count === 0)
      return of.wrong("function.concurrency", {
        says: "its reserved concurrency is 0",
        why: "Lambda refuses every start: somebody stopped it",
        fix: `once it may run again: aws lambda put-function-concurrency --function-name ${name} --reserved-concurrent-executions 1`,
      });
    return of.warn("function.concurrency", {
      says: count === undefined ? "no concurrency is reserved for it" : `it may run ${count} times at once`,
      why: "runs begin side by side, and all but one stand down; other functions may leave it no room",
      fix: DEPLOY,
    });
  });

const judgeRetries = (of: Subject, { retries }: LiveFunction): readonly Finding[] =>
  of.judge("function.retries", "how often it is tried again", retries, (count = 2) =>
    count === 0
      ? of.ok("function.retries", "a run that failed is not begun again by Lambda")
      : of.warn("function.retries", {
          says: `Lambda begins a failed run again, ${count === 1 ? "once" : `${count} times`}`,
          why: "it fails the same way, beside the next one; what it left is observed by that anyway",
          fix: DEPLOY,
        }),
  );

/** Keys that came with the deployment: without them, who writes a bucket says what is true. */
function judgePins(of: Subject, { settings }: LiveFunction): readonly Finding[] {
  const pins = [
    ["function.trust", SETTING_NAMES.trust, "reports", "evidence bucket"],
    ["function.sync-trust", SETTING_NAMES.syncTrust, "the desired state", "desired state's bucket"],
  ] as const;
  return pins.map(([check, name, what, bucket]) =>
    settings[name] === undefined
      ? of.warn(check, {
          says: `no key is pinned that ${what} must be signed by`,
          why: `whoever can write the ${bucket} decides what the controller believes`,
          fix: "commit the keys.json, name it in the setting trust of cdk.json, and run npx cdk deploy holdfast-hub",
        })
      : of.ok(check, `it is pinned to the keys that ${what} must be signed by`),
  );
}

/** Paths inside the function mean nothing out here. */
const ITS_OWN: ReadonlySet<string> = new Set([SETTING_NAMES.trust, SETTING_NAMES.syncTrust]);

function judgeSettings(
  of: Subject,
  { settings }: LiveFunction,
  given: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const other = Object.values(SETTING_NAMES).filter(
    (name) => !ITS_OWN.has(name) && (given[name] ?? "") !== "" && given[name] !== settings[name],
  );
  if (other.length === 0) return [of.ok("function.settings", "its settings are those that were looked at")];
  return other.map((name) =>
    of.warn("function.settings", {
      says: `its ${name} is ${settings[name] ?? "not set"}, and doctor was given ${given[name]}`,
      why: "what was looked at here is not what its runs use",
      fix: `leave ${name} out here, or set it there and run npx cdk deploy holdfast-hub`,
    }),
  );
}
