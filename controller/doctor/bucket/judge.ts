import type { Finding, Subject } from "../finding.ts";
import { refusals } from "../policies/allows.ts";
import type { BucketFacts } from "./read.ts";

/** What holds of each of our buckets: nobody reads or writes it in the clear. */
export const judgeTransport = (of: Subject, check: string, { policy }: BucketFacts): readonly Finding[] =>
  of.judge(check, "its policy", policy, (statements) =>
    refusals(statements, "s3:GetObject").some(
      ({ elements }) => elements.get("Condition bool aws:securetransport")?.join() === "false",
    )
      ? of.ok(check, "it refuses what is not encrypted on the way")
      : of.warn(check, {
          says: "its policy does not refuse what is not encrypted on the way",
          why: "what is read and written there can be seen on the network",
          fix: "npx cdk deploy holdfast-hub, which puts the policy back",
        }),
  );
