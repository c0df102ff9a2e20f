/** What a selection may say, how AWS reads it back, and the checks on its role (semantics §3.1, §3.3, §3.5, §3.6). */
import type { BackupSelection, Condition, Conditions } from "@aws-sdk/client-backup";
import type { Checked } from "./contract.ts";
import { invalidParameter, limitExceeded } from "./errors.ts";
import type { BackupState } from "./state.ts";

type SelectionInput = Checked<BackupSelection>;

const mostArns = 500;
const mostPatterns = 30;
const mostConditions = 30;
const tagKeyPrefix = "aws:ResourceTag/";

export function checkSelection(selection: SelectionInput): void {
  if (!/^[a-zA-Z0-9\-_.]{1,50}$/.test(selection.SelectionName)) {
    throw invalidParameter(`Backup selection name ${selection.SelectionName} is not valid`);
  }
  if ((selection.Resources ?? []).length + (selection.ListOfTags ?? []).length === 0) {
    throw invalidParameter("Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.");
  }
  checkArns(selection.Resources ?? []);
  checkArns(selection.NotResources ?? []);
  if ((selection.ListOfTags ?? []).length > mostConditions) {
    throw limitExceeded(`Tags in one backup selection exceed ${mostConditions}`);
  }
  for (const tag of selection.ListOfTags ?? []) checkTag(tag);
  checkConditions(selection.Conditions);
}

/** Both checks also fail while a new role is still on its way through IAM. */
export function checkRole(selection: SelectionInput, { world, account }: BackupState): void {
  const role = selection.IamRoleArn;
  if (!role.includes(`::${account}:role/`) || !world.roleExists(role)) {
    throw invalidParameter(`IAM Role ${role} cannot be assumed by AWS Backup`);
  }
  if (usesTags(selection) && !world.roleAllows(role, "tag:GetResources")) {
    throw invalidParameter(`IAM Role ${role} is not authorized to call tag:GetResources`, {
      Code: "ERROR_3018",
      Context: role,
    });
  }
}

/** As every read has it: missing lists are empty ones, and a missing Conditions is four of them. */
export function normalised(selection: SelectionInput): BackupSelection {
  const { Conditions: conditions } = selection;
  return {
    SelectionName: selection.SelectionName,
    IamRoleArn: selection.IamRoleArn,
    Resources: selection.Resources ?? [],
    ListOfTags: (selection.ListOfTags ?? []).map((tag) => ({ ...tag, ConditionType: "STRINGEQUALS" })),
    NotResources: selection.NotResources ?? [],
    Conditions: {
      StringEquals: conditions?.StringEquals ?? [],
      StringNotEquals: conditions?.StringNotEquals ?? [],
      StringLike: conditions?.StringLike ?? [],
      StringNotLike: conditions?.StringNotLike ?? [],
    },
  };
}

export function usesTags({ ListOfTags, Conditions: conditions }: BackupSelection): boolean {
  return (ListOfTags ?? []).length > 0 || conditionsOf(conditions).length > 0;
}

function conditionsOf(conditions: Conditions | undefined) {
  return Object.values(conditions ?? {}).flatMap((list) => list ?? []);
}

function checkConditions(conditions: Conditions | undefined): void {
  const all = conditionsOf(conditions);
  if (all.length > mostConditions) throw limitExceeded(`Conditions in one backup selection exceed ${mostConditions}`);
  for (const { ConditionKey } of all) {
    if (ConditionKey?.startsWith(tagKeyPrefix) !== true) {
      throw invalidParameter(`Condition key ${ConditionKey ?? ""} must begin with ${tagKeyPrefix}`);
    }
  }
}

/** The model's only value is STRINGEQUALS; the documentation's samples write StringEquals. */
function checkTag({ ConditionType }: Checked<Condition>): void {
  const spelled: string = ConditionType;
  if (spelled !== "STRINGEQUALS" && spelled !== "StringEquals") {
    throw invalidParameter(`Condition type ${spelled} is not valid`);
  }
}

function checkArns(patterns: readonly string[]): void {
  const most = patterns.some((pattern) => pattern.includes("*")) ? mostPatterns : mostArns;
  if (patterns.length > most) throw limitExceeded(`ARNs in one backup selection exceed ${most}`);
  for (const pattern of patterns) {
    if (!isArnPattern(pattern)) throw invalidParameter(`Invalid ARN pattern ${pattern} in backup selection`);
  }
}

/** `*` stands for a whole Region or account, or ends the pattern; `arn:aws:s3:::*-logs` is not supported (semantics §3.3). */
function isArnPattern(pattern: string): boolean {
  if (pattern === "*") return true;
  const [arn, partition, service, ...rest] = pattern.split(":");
  if (arn !== "arn" || !partition || !service) return false;
  if (service.includes("*")) return service === "*" && rest.length === 0;
  const place = rest.slice(0, 2);
  const resource = rest.slice(2).join(":");
  if (rest.length < 3) return rest.at(-1) === "*" && place.every((part) => part === "*" || !part.includes("*"));
  return (
    place.every((part) => part === "*" || !part.includes("*")) &&
    !resource.slice(0, -1).includes("*") &&
    resource !== ""
  );
}
