import type { BackupState, Plan, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { HUB } from "../support/universe.ts";
import { sorted } from "./protection.ts";

/** Every account but the controller's own, which is in no fleet of laws. */
export const membersOf = ({ organization }: Simulator): readonly string[] =>
  [...organization.accounts.keys()].filter((account) => account !== HUB);

/** Everything that runs leave behind in AWS Backup, without ids, times, versions and the endings of successors' names: two worlds with one footprint came to the same. */
export const footprint = (simulator: Simulator): string =>
  membersOf(simulator)
    .flatMap((account) => simulator.regions.map((region) => simulator.backup(account, region)))
    .flatMap((state) => [...vaults(state), ...plans(state)])
    .toSorted()
    .join("\n");

const vaults = (state: BackupState): readonly string[] =>
  [...state.vaults.values()].map(
    (vault) => `${place(state)} vault ${sorted({ ...vaultFacts(vault), key: keyOf(state, vault) })}`,
  );

const plans = (state: BackupState): readonly string[] =>
  [...state.plans.values()]
    .filter(({ deletionDate }) => deletionDate === undefined)
    .map((plan) => `${place(state)} plan ${sorted(planFacts(plan))}`);

const place = ({ account, region }: BackupState): string => `${account}/${region}`;

/** AWS makes its own key when it is first needed, so its id depends on when that was. */
const keyOf = ({ world, account, region }: BackupState, { encryptionKeyArn }: Vault): string =>
  encryptionKeyArn === world.key(account, region, "alias/backup")?.arn ? "alias/backup" : "aws/backup";

const vaultFacts = ({ name, tags, lock, accessPolicy, notifications, points }: Vault) => ({
  name,
  tags,
  lock,
  policy: JSON.parse(accessPolicy ?? "null") as unknown,
  notifications,
  points: [...points].map(({ resourceArn, creationDate, lifecycle }) => ({ resourceArn, creationDate, lifecycle })),
});

const planFacts = ({ tags, versions, selections }: Plan) => ({
  tags,
  name: versions.at(-1)?.document.BackupPlanName,
  rules: versions.at(-1)?.document.Rules?.map(({ RuleId: _made, ...rule }) => rule),
  settings: versions.at(-1)?.settings,
  selections: [...selections].map(({ content }) => ({
    ...content,
    SelectionName: content.SelectionName?.replace(/\.g\d+$/, ""),
  })),
});
