import { showTarget, type Target } from "../../domain/identity.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import type { Leaning } from "./wanted.ts";

/** Whether a Region backs up what the desired state counts on it to: a type that is not opted in is passed over without a word. */
export function judgeOptIns(
  target: Target,
  optIns: Fact<ReadonlyMap<string, boolean>>,
  leanings: readonly Leaning[],
): readonly Finding[] {
  const of = subject("service opt-in", showTarget(target));
  return of.judge("opt-in.types", "the Region's settings", optIns, (types) => {
    const off = (type: string): boolean => types.get(type) === false;
    const everyOff = [...types.keys()].filter(off).toSorted();
    const found = leanings.flatMap(({ by, types: wanted }) => {
      const missing = wanted === "every" ? everyOff : wanted.filter(off);
      if (missing.length === 0) return [];
      const told = {
        fix: `aws backup update-region-settings --region ${target.region} --resource-type-opt-in-preference ${optedIn(missing)}`,
        why: "resources of a type that is not opted in are not backed up, and no job says so",
      };
      return [
        wanted === "every"
          ? of.warn("opt-in.types", {
              says: `${by} takes whatever bears its tags, and these types are not opted in: ${missing.join(", ")}`,
              ...told,
            })
          : of.wrong("opt-in.types", { says: `${by} is about ${missing.join(", ")}, not opted in`, ...told }),
      ];
    });
    return found.length > 0 ? found : [of.ok("opt-in.types", "all that the desired state counts on is opted in")];
  });
}

/** As JSON: some types have spaces in their names, whose quotes a shell would take from the shorthand of AWS's command line. */
const optedIn = (types: readonly string[]): string =>
  `'${JSON.stringify(Object.fromEntries(types.map((type) => [type, true])))}'`;

/** One switch for the whole organization. `copies`: what copies into another account. */
export function judgeCrossAccount(enabled: Fact<boolean>, copies: readonly string[]): readonly Finding[] {
  const of = subject("organization");
  if (copies.length === 0) return [];
  return of.judge("organization.cross-account", "its settings of AWS Backup", enabled, (on) =>
    on
      ? of.ok("organization.cross-account", "backups may be copied from account to account")
      : of.wrong("organization.cross-account", {
          says: `cross-account backup is off, and ${copies.join(", ")} ${copies.length === 1 ? "asks" : "ask"} for copies into another account`,
          why: "every such copy job fails",
          fix: "in the management account: aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=true",
        }),
  );
}

/** The role that AWS Backup makes for itself with an account's first vault or opt-in. Without it nothing is deleted or expires. */
export const judgeBackupsRole = (account: string, arn: Fact<string | undefined>): readonly Finding[] => {
  const of = subject("AWS Backup's own role", account);
  return of.judge("backup-role.exists", "whether it is there", arn, (found) =>
    found !== undefined
      ? of.ok("backup-role.exists", "AWSServiceRoleForBackup is there")
      : of.warn("backup-role.exists", {
          says: "AWSServiceRoleForBackup is not there",
          why: "AWS Backup cannot expire what is due, nor delete it",
          fix: "aws iam create-service-linked-role --aws-service-name backup.amazonaws.com",
        }),
  );
};
