/** What the desired state asks of a Region's settings (semantics §3.4, §6.5, §6.6). */
import * as z from "zod";
import type { Desired, Rule } from "../../domain/desired.ts";
import { sameTarget, showTarget, type Target } from "../../domain/identity.ts";

/** What leans on the opt-in of these types, in one target. `every`: whatever bears a tag, of any type. */
export interface Leaning {
  readonly by: string;
  readonly types: readonly string[] | "every";
}

/** Resource types whose ARNs several types share: naming them in a selection does not bypass their opt-in. */
const SHARED: readonly (readonly [pattern: RegExp, types: readonly string[]])[] = [
  [/^arn:[^:]*:rds:[^:]*:[^:]*:cluster:/, ["Aurora", "DocumentDB", "Neptune"]],
  [/^arn:[^:]*:fsx:[^:]*:[^:]*:/, ["FSx"]],
];

/** What a pattern that names a service and no type of it may stand for. */
const OF_SERVICE: Readonly<Record<string, readonly string[]>> = {
  "backup-gateway": ["VirtualMachine"],
  cloudformation: ["CloudFormation"],
  dsql: ["DSQL"],
  dynamodb: ["DynamoDB"],
  ec2: ["EBS", "EC2"],
  eks: ["EKS"],
  elasticfilesystem: ["EFS"],
  fsx: ["FSx"],
  rds: ["Aurora", "DocumentDB", "Neptune", "RDS"],
  redshift: ["Redshift"],
  "redshift-serverless": ["Redshift Serverless"],
  "ssm-sap": ["SAP HANA on Amazon EC2"],
  storagegateway: ["Storage Gateway"],
  timestream: ["Timestream"],
};

const Selection = z.object({
  resources: z.array(z.string()).optional(),
  listOfTags: z.array(z.unknown()).optional(),
});

/** What in one target leans on opt-ins: selections that name no type, and policies that speak of types. */
export function leaningsIn(target: Target, resources: readonly Desired[], rules: readonly Rule[]): readonly Leaning[] {
  const selections = resources.filter(
    ({ key, want }) => key.kind === SELECTION && want === "present" && sameTarget(key.target, target),
  );
  return [
    ...selections.flatMap((desired) =>
      desired.want === "present" ? leaningsOf(`selection ${desired.key.name}`, desired.spec) : [],
    ),
    ...rules
      .filter((rule) => sameTarget(rule.target, target) && rule.resourceTypes !== undefined)
      .map(({ name, resourceTypes = [] }) => ({ by: `policy ${name}`, types: resourceTypes })),
  ];
}
const SELECTION = "selection";

function leaningsOf(by: string, spec: unknown): readonly Leaning[] {
  const { resources = [], listOfTags = [] } = Selection.parse(spec);
  const types = new Set(resources.flatMap(typesLeaning));
  const every = listOfTags.length > 0 || resources.includes("*");
  return [
    ...(types.size > 0 ? [{ by, types: [...types].toSorted() }] : []),
    ...(every ? [{ by, types: "every" as const }] : []),
  ];
}

/** A pattern that names a type, or one resource, is backed up whatever the Region says: only the others are told. */
function typesLeaning(pattern: string): readonly string[] {
  const shared = SHARED.find(([arn]) => arn.test(pattern));
  if (shared !== undefined) return shared[1];
  const [, , service = "", , , rest = ""] = pattern.split(":");
  return rest === "" || rest.startsWith("*") ? (OF_SERVICE[service] ?? []) : [];
}

const Plan = z.object({
  rules: z.array(z.object({ copyActions: z.array(z.object({ destinationBackupVaultArn: z.string() })).optional() })),
});
const Copies = z.object({ copies: z.array(z.object({ to: z.object({ account: z.string() }) })).optional() });

/** What copies backups into another account, by name and target. */
export function crossAccountCopies(resources: readonly Desired[], rules: readonly Rule[]): readonly string[] {
  const plans = resources.flatMap((desired) => {
    const plan = desired.want === "present" ? Plan.safeParse(desired.spec) : undefined;
    const { target, name } = desired.key;
    const arns = (plan?.data?.rules ?? []).flatMap(({ copyActions = [] }) =>
      copyActions.map(({ destinationBackupVaultArn: arn }) => arn),
    );
    return arns.some((arn) => arn.split(":")[4] !== target.account) ? [`plan ${name} in ${showTarget(target)}`] : [];
  });
  const policies = rules.flatMap(({ name, target, spec }) => {
    const { copies = [] } = Copies.safeParse(spec).data ?? {};
    return copies.some(({ to }) => to.account !== target.account) ? [`policy ${name} in ${showTarget(target)}`] : [];
  });
  return [...plans, ...policies];
}
