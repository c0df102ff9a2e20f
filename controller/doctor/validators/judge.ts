import * as z from "zod";
import type { Rule } from "../../domain/desired.ts";
import { sameTarget, showTarget, type Target } from "../../domain/identity.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import type { LiveValidator } from "./read.ts";

const Validated = z.object({ plan: z.string(), onRestored: z.object({ function: z.string() }) });

/** A function that is asked about what was restored, and the plans whose tests it is asked about. */
export interface AskedValidator {
  readonly arn: string;
  readonly plans: readonly string[];
}

/** Each by the ARN it is invoked by: an alias is another one than the function. */
export function validatorsIn(target: Target, rules: readonly Rule[]): readonly AskedValidator[] {
  const asked = rules
    .filter((rule) => rule.kind === "restore-test" && sameTarget(rule.target, target))
    .flatMap(({ spec }) => Validated.safeParse(spec).data ?? []);
  const byFunction = Map.groupBy(asked, ({ onRestored }) => onRestored.function);
  return [...byFunction].map(([arn, all]) => ({ arn, plans: all.map(({ plan }) => plan).toSorted() }));
}

/**
 * Whether what restores are to be validated by is there and answers. That the apply role may invoke it its reviewed policy says, by what the
 * function's name begins with, which manifests are held to.
 */
export function judgeValidator(
  target: Target,
  { arn, plans }: AskedValidator,
  live: Fact<LiveValidator | undefined>,
): readonly Finding[] {
  const of = subject(`validator ${arn.split(":").slice(6).join(":")}`, showTarget(target));
  const why = `restores that ${plans.join(" and ")} tests are never validated: each times out, and proves nothing`;
  return of.judge("validator.exists", "its configuration", live, (found) => {
    if (found === undefined)
      return of.wrong("validator.exists", {
        says: "there is no such function, or no such version or alias of it",
        why,
        fix: "deploy it there (desired-state/VALIDATORS.md), or correct onRestored.function",
      });
    const { state, reason } = found;
    return state === "Active" || state === "Inactive"
      ? of.ok("validator.exists", `it is there and ${state.toLowerCase()}`)
      : of.wrong("validator.exists", {
          says: `its state is ${state}${reason === undefined ? "" : `: ${reason}`}`,
          why,
          fix: `read StateReason in aws lambda get-function-configuration --region ${target.region} --function-name ${arn}, and deploy it again`,
        });
  });
}
