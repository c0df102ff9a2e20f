/** What the templates' resources let others do with them by policies of their own: buckets, keys, queues, and roles by whom they trust. */
import { many, type PolicyDocument, type PrincipalElement, type Statement } from "../simulator/iam/policy.ts";
import { INSTALLED } from "../support/installation.ts";
import { IRELAND } from "../support/universe.ts";
import type { Deployed } from "./rights.ts";

/** What one statement of a resource's policy lets one principal do. */
export interface ResourceGrant {
  readonly template: string;
  /** By its logical id, without the digest that CDK ends it with. */
  readonly resource: string;
  /** ARN of the bucket, the key or the role; undefined where the simulator does not go by such policies. */
  readonly arn: string | undefined;
  /** With that principal alone, and one action. */
  readonly statement: Statement;
  readonly action: string;
  /** `AWS arn:…`, `Service …`, `Federated …` or `*`. */
  readonly principal: string;
}

type Properties = Readonly<Record<string, unknown>>;

/** The policy of each type that has one; and whose it is, by ARN, where the simulator has it. */
const POLICIES: Readonly<
  Record<string, (given: Properties, deployed: Deployed) => readonly [document: unknown, arn?: string | undefined]>
> = {
  "AWS::Events::EventBus": ({ Policy }) => [Policy],
  "AWS::IAM::Role": ({ AssumeRolePolicyDocument: trust }, { simulator }) => [
    trust,
    simulator.iam.roles().find((role) => role.trust === trust)?.arn,
  ],
  "AWS::KMS::Key": ({ KeyPolicy }, { simulator }) => [
    KeyPolicy,
    [...simulator.kms(INSTALLED.hub, IRELAND).keys.values()].find(({ policy }) => policy === KeyPolicy)?.arn,
  ],
  "AWS::Lambda::Permission": ({ Action, Principal }) => [
    { Statement: { Sid: "Permission", Effect: "Allow", Action, Principal: { Service: Principal } } },
  ],
  "AWS::S3::BucketPolicy": ({ Bucket, PolicyDocument }) => [PolicyDocument, `arn:aws:s3:::${String(Bucket)}`],
  "AWS::SNS::TopicPolicy": ({ PolicyDocument }) => [PolicyDocument],
  "AWS::SQS::QueuePolicy": ({ PolicyDocument }) => [PolicyDocument],
  "AWS::SecretsManager::ResourcePolicy": ({ ResourcePolicy }) => [ResourcePolicy],
};

/** Policies of roles, which are their rights. */
const NO_POLICY = new Set(["AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"]);

/** Throws where a type sounds as if it gave rights, and nobody has thought about it here. */
export function grantsOf(deployed: Deployed): readonly ResourceGrant[] {
  return Object.entries(deployed.template.Resources).flatMap(([id, { Type }]) => {
    const policyIn = POLICIES[Type];
    if (policyIn === undefined) {
      if (/Policy|Permission/.test(Type) && !NO_POLICY.has(Type))
        throw new Error(
          `${deployed.name} has a ${Type} (${id}): say in test/proofs/resource-policies.ts whom it lets do what`,
        );
      return [];
    }
    const [document, arn] = policyIn(deployed.installed.properties(Type, id), deployed);
    if (document === undefined) return [];
    const held = { template: deployed.name, resource: id.replace(/[0-9A-F]{8}$/, ""), arn };
    return many((document as PolicyDocument).Statement)
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap((statement) => apart(statement).map((one) => ({ ...held, ...one })));
  });
}

/** A statement, for each of its actions and principals. */
const apart = (statement: Statement): readonly Pick<ResourceGrant, "statement" | "action" | "principal">[] =>
  many(statement.Action).flatMap((action) =>
    principalsIn(statement.Principal).map(([principal, Principal]) => ({
      action,
      principal,
      statement: { ...statement, Action: action, Principal },
    })),
  );

function principalsIn(element: PrincipalElement | undefined): readonly (readonly [string, PrincipalElement])[] {
  if (element === undefined) throw new Error("a resource's policy names nobody");
  if (element === "*") return [["*", "*"]];
  return Object.entries(element).flatMap(([type, names]) =>
    many(names).map((name) => [`${type} ${name}`, { [type]: name }] as const),
  );
}
