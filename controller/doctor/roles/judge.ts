import { isRetired } from "../desired/judge.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { comparePolicies, nameOf, type Bindings } from "../policies/compare.ts";
import type { Said } from "../policies/document.ts";
import type { LiveRole } from "./read.ts";

/** A role as it was reviewed. */
export interface ReviewedRole {
  /** What messages call it. */
  readonly called: string;
  /** The account it is in, where a fleet has many. */
  readonly place?: string;
  /** Its own policies, by name; those it must have. */
  readonly policies: ReadonlyMap<string, readonly Said[]>;
  /** Policies it may have besides. */
  readonly optional?: ReadonlyMap<string, readonly Said[]>;
  readonly trust: readonly Said[];
  /** Whom that trust is for, as messages call them: `the controller`. */
  readonly entrants: string;
  /** Seconds. Of a role that has a boundary: the longest that a session may last. Absent: neither is looked at. */
  readonly boundedFor?: number;
  /** What its open names stand for, as far as it is known. */
  readonly bindings: Bindings;
  /** Which deployment puts it back. */
  readonly deploy: string;
}

/** Whether a role is there, may do what was reviewed and nothing else, and trusts whom it should. */
export function judgeRole(found: Fact<LiveRole | undefined>, reviewed: ReviewedRole): readonly Finding[] {
  const of = subject(`role ${reviewed.called}`, reviewed.place);
  return of.judge("role.exists", "the role", found, (role) =>
    role === undefined
      ? of.wrong("role.exists", {
          says: "it does not exist",
          why: "what it is for cannot be done",
          fix: reviewed.deploy,
        })
      : [
          ...judgeTrust(of, role, reviewed),
          ...judgePolicies(of, role, reviewed),
          ...role.attached.map((arn) => judgeAttached(of, role, arn)),
          ...judgeBounds(of, role, reviewed),
        ],
  );
}

function judgeTrust(of: Subject, { trust }: LiveRole, { trust: wanted, entrants, bindings, deploy }: ReviewedRole) {
  const retired = trust.flatMap(({ elements }) => elements.get("Principal AWS") ?? []).filter(isRetired);
  if (retired.length > 0)
    return [
      of.wrong("role.trust", {
        says: `it trusts ${[...new Set(retired)].join(", ")}: a role that was deleted`,
        why: "the role that was made anew under the same name is another one to AWS: it cannot enter",
        fix: `${deploy}, so that its trust names the new role`,
      }),
    ];
  const { missing, extra } = comparePolicies(wanted, trust, bindings);
  if (missing.length > 0)
    return [
      of.wrong("role.trust", {
        says: `its trust is not as reviewed: ${missing.map(nameOf).join("; ")} is missing or says something else`,
        why: `${entrants} cannot enter, or somebody else can`,
        fix: `${deploy}; hubAccount, externalId, organizationId and engine have to be those of the hub`,
      }),
    ];
  if (extra.length > 0)
    return [
      of.wrong("role.trust", {
        says: `it trusts more than was reviewed: ${extra.map(nameOf).join("; ")}`,
        why: `somebody else than ${entrants} can become it`,
        fix: deploy,
      }),
    ];
  return [of.ok("role.trust", `it trusts ${entrants} alone`)];
}

function judgePolicies(of: Subject, role: LiveRole, reviewed: ReviewedRole): readonly Finding[] {
  const { policies, optional = new Map<string, readonly Said[]>(), bindings, deploy } = reviewed;
  const absent = [...policies.keys()].filter((name) => !role.inline.has(name));
  return [
    ...absent.map((name) =>
      of.wrong("role.policy", {
        says: `its policy ${name} is not there`,
        why: "what it is for cannot be done",
        fix: deploy,
      }),
    ),
    ...[...role.inline].map(([name, live]) => {
      const wanted = policies.get(name) ?? optional.get(name);
      return wanted === undefined
        ? of.warn("role.policy", {
            says: `it has a policy ${name} that was not reviewed: ${live.map(nameOf).join("; ")}`,
            why: "it may do more than its reviewed file says",
            fix: `aws iam delete-role-policy --role-name ${nameIn(role.arn)} --policy-name ${name}`,
          })
        : judgePolicy(of, name, comparePolicies(wanted, live, bindings), deploy);
    }),
  ];
}

function judgePolicy(
  of: Subject,
  name: string,
  { missing, extra }: { readonly missing: readonly Said[]; readonly extra: readonly Said[] },
  deploy: string,
): Finding {
  const lost = missing.filter(({ effect }) => effect === "Allow");
  if (lost.length > 0)
    return of.wrong("role.policy", {
      says: `its policy ${name} is not as reviewed: ${lost.map(nameOf).join("; ")} is missing or says something else`,
      why: "calls that a run makes are denied",
      fix: deploy,
    });
  if (missing.length > 0)
    return of.warn("role.policy", {
      says: `its policy ${name} lacks a refusal that was reviewed: ${missing.map(nameOf).join("; ")}`,
      why: "it may do what nobody meant it to",
      fix: deploy,
    });
  if (extra.length > 0)
    return of.warn("role.policy", {
      says: `its policy ${name} says more than was reviewed: ${extra.map(nameOf).join("; ")}`,
      why: "it may do more than its reviewed file says",
      fix: deploy,
    });
  return of.ok("role.policy", `its policy ${name} is the reviewed one`);
}

/** The boundary holds whatever is attached later; a long session outlives what is taken away. */
function judgeBounds(of: Subject, role: LiveRole, { boundedFor, deploy }: ReviewedRole): readonly Finding[] {
  if (boundedFor === undefined) return [];
  const { boundary, sessionSeconds } = role;
  return [
    boundary === undefined
      ? of.warn("role.boundary", {
          says: "it has no permissions boundary",
          why: "a policy that is attached to it counts in full, whatever was reviewed",
          fix: deploy,
        })
      : of.ok("role.boundary", `it can do no more than the policy ${nameIn(boundary)}`),
    sessionSeconds > boundedFor
      ? of.warn("role.session", {
          says: `a session of it may last ${sessionSeconds} s`,
          why: `runs need ${boundedFor} s; who gets hold of a session has it for as long`,
          fix: `aws iam update-role --role-name ${nameIn(role.arn)} --max-session-duration ${boundedFor}`,
        })
      : of.ok("role.session", `a session of it lasts ${boundedFor} s at most`),
  ];
}

const judgeAttached = (of: Subject, role: LiveRole, arn: string): Finding =>
  of.warn("role.attached", {
    says: `the policy ${arn} is attached to it`,
    why: "it may do more than its reviewed file says",
    fix: `aws iam detach-role-policy --role-name ${nameIn(role.arn)} --policy-arn ${arn}`,
  });

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
