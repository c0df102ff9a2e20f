/** Who exists: roles with their trust and policies, users with their keys, and the sessions STS has issued. */
import type { Random } from "../random.ts";
import type { Principal } from "../service.ts";
import type { Credential } from "../wire/credential.ts";
import type { PolicyDocument } from "./policy.ts";

/** What a principal may do. An administrator is not asked. */
export type Grant = "administrator" | readonly PolicyDocument[];

export interface Role {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  /** `AROA…`, which role sessions carry in their user id. */
  readonly id: string;
  readonly trust: PolicyDocument;
  readonly grant: Grant;
  readonly boundary: PolicyDocument | undefined;
  /** Of the managed policy that is its boundary. */
  readonly boundaryArn: string;
  readonly maxSessionSeconds: number;
  /** Policies of the role's own, by name; the first of those given without one is `inline-1`. */
  readonly inline: ReadonlyMap<string, PolicyDocument>;
  /** ARNs of managed policies, which are listed and grant nothing here. */
  readonly attached: readonly string[];
}

interface RoleInput {
  readonly name: string;
  /** With slashes at both ends; `/` by default. */
  readonly path?: string;
  readonly trust: PolicyDocument;
  readonly policies?: Grant;
  /** Further policies, by name. */
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  readonly attached?: readonly string[];
  /** PermissionsBoundary: what the policies cannot exceed. */
  readonly boundary?: PolicyDocument;
  /** ARN of that managed policy; one named `boundary` by default. */
  readonly boundaryArn?: string;
  /** MaxSessionDuration: 3600 by default, at most 43200. */
  readonly maxSessionSeconds?: number;
}

/** A caller that has been recognised. */
export interface Identity {
  readonly principal: Principal;
  /** `AIDA…` for a user, `AROA…:session` for a role session, the account id for an account's root. */
  readonly userId: string;
  readonly grant: Grant;
  /** What the grant cannot exceed. */
  readonly boundary?: PolicyDocument;
  /** Whether the caller already uses role credentials, so that another AssumeRole is chaining. */
  readonly session: boolean;
  /** ARN, unqualified, of the Lambda function whose execution environment the session was handed to. */
  readonly sourceFunction?: string;
}

interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface SessionKey extends AccessKey {
  readonly sessionToken: string;
  readonly expires: Date;
  readonly identity: Identity;
}

interface SessionInput {
  readonly role: Role;
  readonly name: string;
  readonly sourceIdentity: string | undefined;
  readonly expires: Date;
  /** The Lambda function that has it as its own. */
  readonly sourceFunction?: string;
}

export interface Iam {
  /** Creates the role, or replaces it as it was. */
  readonly putRole: (account: string, input: RoleInput) => Role;
  readonly deleteRole: (arn: string) => void;
  readonly role: (arn: string) => Role | undefined;
  readonly roles: () => readonly Role[];
  /** Creates a user with a key of its own. */
  readonly putUser: (account: string, name: string, policies?: Grant) => AccessKey;
  readonly issueSession: (input: SessionInput) => SessionKey;
  /** The caller behind a key, `unknown`, or `expired`. */
  readonly recognise: (credential: Credential, now: Date) => Identity | "unknown" | "expired";
}

interface IamOptions {
  readonly hubAccount: string;
  /** Only keys that were issued are accepted; otherwise any static key is an administrator of the hub account. */
  readonly strict: boolean;
  readonly random: Random;
}

export function createIam({ hubAccount, strict, random }: IamOptions): Iam {
  const roles = new Map<string, Role>();
  const users = new Map<string, Identity>();
  const sessions = new Map<string, SessionKey>();

  return {
    putRole: (account, input) => {
      const role = roleOf(account, input, `AROA${random.letters(17)}`);
      roles.set(role.arn, role);
      return role;
    },
    deleteRole: (arn) => void roles.delete(arn),
    role: (arn) => roles.get(arn),
    roles: () => [...roles.values()],
    putUser: (account, name, policies = "administrator") => {
      const accessKeyId = `AKIA${random.letters(16)}`;
      const arn = `arn:aws:iam::${account}:user/${name}`;
      const userId = `AIDA${random.letters(17)}`;
      users.set(accessKeyId, { principal: { account, arn, accessKeyId }, userId, grant: policies, session: false });
      return { accessKeyId, secretAccessKey: random.letters(40) };
    },
    issueSession: (input) => {
      const key = sessionOf(input, random);
      sessions.set(key.accessKeyId, key);
      return key;
    },
    recognise: ({ accessKeyId, sessionToken }, now) => {
      const session = sessions.get(accessKeyId);
      if (session !== undefined) {
        if (session.sessionToken !== sessionToken) return "unknown";
        return session.expires <= now ? "expired" : withRole(session.identity, roles);
      }
      const user = users.get(accessKeyId);
      if (user !== undefined) return user;
      if (strict || accessKeyId.startsWith("ASIA")) return "unknown";
      return administrator(hubAccount, accessKeyId);
    },
  };
}

/** A session's rights are those its role has now: policies changed or roles deleted take effect at once. */
function withRole(identity: Identity, roles: ReadonlyMap<string, Role>): Identity {
  const role = roles.get(identity.principal.roleArn ?? "");
  return { ...identity, grant: role?.grant ?? [], ...(role?.boundary ? { boundary: role.boundary } : {}) };
}

function administrator(account: string, accessKeyId: string): Identity {
  const arn = `arn:aws:iam::${account}:user/administrator`;
  return {
    principal: { account, arn, accessKeyId },
    userId: "AIDASIMULATEDADMIN000",
    grant: "administrator",
    session: false,
  };
}

function roleOf(account: string, input: RoleInput, id: string): Role {
  const { policies = [], inline = {} } = input;
  const unnamed = policies === "administrator" ? [] : policies;
  const named = Object.entries(inline);
  return {
    account,
    name: input.name,
    arn: `arn:aws:iam::${account}:role${input.path ?? "/"}${input.name}`,
    id,
    trust: input.trust,
    grant: policies === "administrator" ? policies : [...unnamed, ...named.map(([, document]) => document)],
    boundary: input.boundary,
    boundaryArn: input.boundaryArn ?? `arn:aws:iam::${account}:policy/boundary`,
    maxSessionSeconds: input.maxSessionSeconds ?? 3600,
    inline: new Map([...unnamed.map((document, at) => [`inline-${at + 1}`, document] as const), ...named]),
    attached: input.attached ?? [],
  };
}

function sessionOf({ role, name, sourceIdentity, expires, sourceFunction }: SessionInput, random: Random): SessionKey {
  const accessKeyId = `ASIA${random.letters(16)}`;
  const principal: Principal = {
    account: role.account,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${name}`,
    accessKeyId,
    roleArn: role.arn,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
  const identity: Identity = {
    principal,
    userId: `${role.id}:${name}`,
    grant: role.grant,
    session: true,
    ...(sourceFunction === undefined ? {} : { sourceFunction }),
  };
  return { accessKeyId, secretAccessKey: random.letters(40), sessionToken: random.letters(120), expires, identity };
}
