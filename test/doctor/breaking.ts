/** Ways to break an installation by hand, each with the way back. */
import type { Finding } from "../../controller/doctor/finding.ts";
import type { EventRule } from "../simulator/events/bus.ts";
import type { PolicyDocument, Statement } from "../simulator/iam/policy.ts";
import { findSecret } from "../simulator/secrets/state.ts";
import { HUB, IRELAND, SHOP, type Installed } from "./scene.ts";

/** Something that is changed by hand, and how it is put back. */
export type Break = (world: Installed) => () => void;

/** Sets members of a thing of the simulator, and remembers what they were. */
export function changed<T extends object>(thing: T, change: Partial<T>): () => void {
  const before = Object.fromEntries(Object.keys(change).map((name) => [name, thing[name as keyof T]]));
  Object.assign(thing, change);
  return () => void Object.assign(thing, before);
}

export const [platform, bucket] = [
  ({ simulator }: Installed) => simulator.platform(HUB, IRELAND),
  ({ simulator }: Installed, name: string) => simulator.bucket(name),
];
export const schedule = (w: Installed) => [...platform(w).schedules.values()][0]!;
export const deadMan = (w: Installed) =>
  [...platform(w).alarms.values()].find(({ missingData }) => missingData === "breaching")!;
export const topic = (w: Installed) => platform(w).topics.get(deadMan(w).actions[0]!)!;
export const queue = (w: Installed) => platform(w).queues.get(schedule(w).target.deadLetterArn!.split(":").at(-1)!)!;
export const eventsFunction = (w: Installed) =>
  [...platform(w).functions.values()].find(({ handler }) => handler === "events.handler")!;
export const mapping = (w: Installed) => [...platform(w).mappings.values()][0]!;
export const eventsQueue = (w: Installed) => platform(w).queues.get(mapping(w).queueArn.split(":").at(-1)!)!;
export const lostEvents = (w: Installed) =>
  platform(w).queues.get(eventsQueue(w).redrive!.deadLetterArn.split(":").at(-1)!)!;
export const key = ({ simulator }: Installed, alias: string) => {
  const { aliases, keys } = simulator.kms(HUB, IRELAND);
  return keys.get(aliases.get(alias)!.keyId)!;
};

/** The rule of a member Region that puts events on the hub's bus. */
export const forwarding =
  (change: Partial<EventRule>): Break =>
  ({ simulator }) => {
    const { rules } = simulator.eventBridge.bus(SHOP, IRELAND)!;
    const [[name, rule] = []] = rules;
    if (name === undefined || rule === undefined) throw new RangeError("nothing forwards events there");
    rules.set(name, { ...rule, ...change });
    return () => void rules.set(name, rule);
  };

/** The current version of a secret in the hub. */
export const secretVersion = (w: Installed, name: string) => {
  const [version] = secretNamed(w, name).versions.values();
  if (version === undefined) throw new RangeError(`${name} has no version`);
  return version;
};
export const secretNamed = ({ simulator }: Installed, name: string) => {
  const found = findSecret(simulator.secrets(HUB, IRELAND), name);
  if (found === undefined) throw new RangeError(`the hub has no secret ${name}`);
  return found;
};

const statementsOf = (policy: PolicyDocument): readonly Statement[] => [policy.Statement].flat();
export const without = (policy: PolicyDocument, sid: string): PolicyDocument => {
  const left = statementsOf(policy).filter(({ Sid }) => Sid !== sid);
  if (left.length === statementsOf(policy).length) throw new RangeError(`the policy has no ${sid}`);
  return { ...policy, Statement: left };
};
export const withStatement = (policy: PolicyDocument, statement: Statement): PolicyDocument => ({
  ...policy,
  Statement: [...statementsOf(policy), statement],
});

type RoleChange = Parameters<Installed["simulator"]["iam"]["putRole"]>[1];

/** A member's role, put again with something changed by hand. */
export const memberRole =
  (
    role: string,
    change: (now: RoleChange & { readonly inline: Record<string, PolicyDocument> }) => Partial<RoleChange>,
    account = SHOP,
  ): Break =>
  ({ simulator }) => {
    const now = simulator.iam.role(`arn:aws:iam::${account}:role/holdfast-${role}`)!;
    const { name, trust, boundary, boundaryArn, maxSessionSeconds } = now;
    const was = {
      name,
      trust,
      maxSessionSeconds,
      boundaryArn,
      inline: Object.fromEntries(now.inline),
      ...(boundary ? { boundary } : {}),
    };
    simulator.iam.putRole(account, { ...was, ...change(was) });
    return () => void simulator.iam.putRole(account, was);
  };

/** As holdfast-member does with a setting readers: beside the controller, to observe alone. */
export const letIn = (account: string, reader: string): Break =>
  memberRole(
    "observe",
    ({ trust }) => ({
      trust: {
        ...trust,
        Statement: statementsOf(trust).map((one) => ({
          ...one,
          Principal: { AWS: [`arn:aws:iam::${HUB}:role/holdfast-controller`, reader] },
        })),
      },
    }),
    account,
  );

/** Somebody in the hub who may read all of it, and enter where they are let in. */
export function readerIn({ simulator, sessionOf }: Installed) {
  simulator.iam.putRole(HUB, {
    name: "platform-team",
    trust: { Statement: [] },
    policies: [{ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }],
  });
  return sessionOf("platform-team");
}

/** A thing broken, and what doctor is to say of it. */
export interface Row {
  readonly because: string;
  readonly breaks: Break;
  readonly check: string;
  readonly health: Finding["health"];
  readonly says: RegExp;
  readonly fix: RegExp;
  readonly place?: string;
}

export const anybody = (action: string, resource: string): Statement => ({
  Effect: "Allow",
  Principal: "*",
  Action: action,
  Resource: resource,
});
