import { UNDELIVERED_EVENTS } from "../../kinds/vault-notifications/spec.ts";
import type { PolicyStatement } from "../../kinds/vault-policy/spec.ts";
import type { Target } from "../../domain/identity.ts";
import type { Path } from "../located.ts";
import type { BackupVaultSpec } from "../manifests/backup-vault.ts";
import type { Setting } from "../manifests/manifest-kind.ts";
import { refuse, warn, type Limit } from "./limit.ts";

/** Days ahead that a compliance lock's date must be when it is put (rule 14). AWS's own minimum is 3. */
const LEAST_DAYS_AHEAD = 14;

export function* vaultLimits(_name: string, spec: BackupVaultSpec, setting: Setting): Generator<Limit> {
  yield* keyLimits(spec, setting.target);
  yield* lockLimits(spec.lock, setting.now);
  yield* notificationLimits(spec.notifications, setting.target);
  if (spec.accessPolicy !== undefined && spec.accessPolicy !== "none")
    for (const [index, statement] of spec.accessPolicy.Statement.entries())
      yield* statementLimits(["accessPolicy", "Statement", index], statement, setting.target);
}

function* keyLimits({ encryptionKey }: BackupVaultSpec, target: Target | undefined): Generator<Limit> {
  const region = encryptionKey?.startsWith("arn:") ? encryptionKey.split(":")[3] : undefined;
  if (target && region !== undefined && region !== target.region)
    yield refuse(
      ["encryptionKey"],
      `is a key of ${region}, and the vault is elsewhere`,
      "an alias is looked up in every Region by itself: alias/backup",
    );
}

/** Once the lock is put the date draws nearer and passes; only a date too near to be put at all is worth a word. */
function* lockLimits(lock: BackupVaultSpec["lock"], now: Date | undefined): Generator<Limit> {
  if (lock === undefined || lock === "none" || lock.mode !== "compliance") return;
  if (lock.minRetentionDays === undefined && lock.maxRetentionDays === undefined)
    yield warn(
      ["lock"],
      "has no bounds: it stops deletions, and lets a job bring any retention",
      "add minRetentionDays",
    );
  const days = now && lock.immutableFrom ? (Date.parse(lock.immutableFrom) - now.getTime()) / 86_400_000 : undefined;
  if (days !== undefined && days > 0 && days < LEAST_DAYS_AHEAD)
    yield warn(
      ["lock", "immutableFrom"],
      `is ${Math.ceil(days)} days ahead: a lock that is not there yet is not put with less than ${LEAST_DAYS_AHEAD} days to think again`,
      "if the lock is in place already, nothing is to be done",
    );
}

function* notificationLimits(
  notifications: BackupVaultSpec["notifications"],
  target: Target | undefined,
): Generator<Limit> {
  if (notifications === undefined || notifications === "none") return;
  const region = notifications.snsTopicArn.split(":")[3];
  if (target && region !== target.region)
    yield refuse(["notifications", "snsTopicArn"], "must be a topic in the vault's own Region");
  for (const [index, event] of notifications.events.entries())
    if (UNDELIVERED.has(event))
      yield warn(
        ["notifications", "events", index],
        `names ${event}, which AWS accepts and never delivers`,
        "*_COMPLETED covers every end of a job; its State says which",
      );
}

const UNDELIVERED: ReadonlySet<string> = new Set(UNDELIVERED_EVENTS);
const COPY_INTO = "backup:CopyIntoBackupVault";

function* statementLimits(path: Path, statement: PolicyStatement, target: Target | undefined): Generator<Limit> {
  const actions = texts(statement.Action);
  for (const action of actions) {
    if (action === "*") yield refuse([...path, "Action"], "may not be *: AWS wants every action listed");
    else if (!action.startsWith("backup:"))
      yield refuse([...path, "Action"], `names ${action}: a vault policy governs actions of AWS Backup only`);
  }
  if (statement.Effect !== "Allow") return;
  const principals = principalsOf(statement);
  if (principals.includes("*") && statement.Condition === undefined)
    yield warn(
      [...path, "Principal"],
      "lets every AWS account in",
      "add a Condition, such as aws:PrincipalOrgID of your organization",
    );
  const foreign = target ? principals.filter((who) => (accountOf(who) ?? target.account) !== target.account) : [];
  const beyond = actions.filter((action) => action !== COPY_INTO && action !== "*");
  if (foreign.length > 0 && beyond.length > 0)
    yield refuse(
      [...path, "Action"],
      `gives ${foreign.join(", ")} ${beyond.join(", ")}: other accounts can be given ${COPY_INTO} and nothing else (semantics §1.4)`,
    );
}

const texts = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const principalsOf = ({ Principal }: PolicyStatement): readonly string[] =>
  typeof Principal === "object" ? Object.values(Principal).flatMap(texts) : texts(Principal);

const accountOf = (principal: string): string | undefined =>
  /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
