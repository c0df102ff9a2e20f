/** What the installation that doctor looks at is to make so, and what lies ready for it: people who are told, and a validator of restores. */
import { PRODUCTION } from "../scenarios/manifests.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { FLEET, HUB, IRELAND, SHOP } from "../support/universe.ts";

export const SECRETS = { oncall: "holdfast/notify/oncall", audit: "holdfast/notify/audit" } as const;
export const VALIDATOR = "holdfast-validator-tables";

const RESTORE_TESTS = `
apiVersion: holdfast/v1
kind: RestoreTestingPlan
metadata: { name: tables }
spec:
  targets: { groups: [production] }
  scheduleExpression: cron(0 4 1 * ? *)
  recoveryPointSelection:
    algorithm: LATEST_WITHIN_WINDOW
    recoveryPointTypes: [SNAPSHOT]
    includeVaults: ["*"]
    selectionWindowDays: 60
  every: 90d
  onRestored:
    function: "arn:\${partition}:lambda:\${region}:\${account}:function:${VALIDATOR}:live"
  selections:
    - name: all
      protectedResourceType: DynamoDB
      iamRoleArn: "arn:aws:iam::\${account}:role/service-role/AWSBackupDefaultServiceRole"
      validationWindowHours: 6
`;

export const DESIRED: Readonly<Record<string, string>> = {
  ...PRODUCTION,
  "fleet.yaml": `${FLEET}  notifications:
    routes:
      - { name: oncall, to: { slack: { secret: ${SECRETS.oncall} } } }
      - { name: audit, to: { webhook: { url: "https://audit.example.com/holdfast", secret: ${SECRETS.audit} } } }
`,
  "restore-tests.yaml": RESTORE_TESTS,
};

/** What people put there themselves. */
export function placeTold(simulator: Simulator): void {
  const secrets = { [SECRETS.oncall]: "https://chat.example.com/hook", [SECRETS.audit]: "k".repeat(43) };
  for (const [name, value] of Object.entries(secrets)) simulator.addSecret(HUB, IRELAND, { name, value });
  simulator.platform(SHOP, IRELAND).functions.set(VALIDATOR, {
    name: VALIDATOR,
    handler: "index.handler",
    role: `arn:aws:iam::${SHOP}:role/validator`,
    timeoutSeconds: 15,
    memoryMb: 128,
    environment: {},
    codeSha256: "",
    state: "Active",
    aliases: new Map([["live", "1"]]),
    reservedConcurrency: undefined,
    retries: new Map(),
    durable: undefined,
  });
}
