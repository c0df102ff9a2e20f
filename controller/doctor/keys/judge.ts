import type { SignatureAlgorithm } from "../../domain/chain-keys.ts";
import { isRetired } from "../desired/judge.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { allowedTo, refusals } from "../policies/allows.ts";
import type { Said } from "../policies/document.ts";
import type { Described, KeyFacts } from "./read.ts";

export interface KeyDuty {
  /** `report key`, `second report key`, `sync key`. */
  readonly called: string;
  readonly algorithm: SignatureAlgorithm;
  /** Ids that are trusted for it; absent: none are pinned here. */
  readonly trusted?: readonly string[];
  /** The only role that should sign with it; absent: any that the policy names. */
  readonly signer?: string;
}

const SPEC: Readonly<Record<SignatureAlgorithm, string>> = {
  ECDSA_SHA_256: "ECC_NIST_P256",
  ML_DSA_SHAKE_256: "ML_DSA_65",
};

/** Whether a key can sign, whether it is the one that is trusted, and whether nobody else can use it. */
export function judgeKey(facts: KeyFacts, duty: KeyDuty): readonly Finding[] {
  const of = subject(`${duty.called} ${facts.name}`);
  return [
    ...of.judge("key.usable", "the key", facts.described, (described) => judgeUsable(of, described, facts.name, duty)),
    ...(facts.described.seen && facts.described.value === undefined
      ? []
      : [...judgeIdentity(of, facts, duty), ...judgePolicy(of, facts, duty)]),
  ];
}

const WITHOUT = "nothing can be signed with it, so that no run begins";

function judgeUsable(
  of: Subject,
  described: Described | undefined,
  name: string,
  { algorithm }: KeyDuty,
): readonly Finding[] {
  if (described === undefined)
    return [
      of.wrong("key.usable", {
        says: "there is no such key in this account and Region",
        why: WITHOUT,
        fix: "correct the setting; where the key is gone, hand the chain over to a new one (holdfast report rotate-keys --revoke)",
      }),
    ];
  const { state, spec, usage, origin, deletedOn } = described;
  if (state === "PendingDeletion")
    return [
      of.wrong("key.usable", {
        says: `it is going to be deleted${deletedOn === undefined ? "" : ` on ${deletedOn}`}`,
        why: `${WITHOUT}; what it signed stays verifiable by its public half`,
        fix: `aws kms cancel-key-deletion --key-id ${name} && aws kms enable-key --key-id ${name}`,
      }),
    ];
  if (state !== "Enabled")
    return [
      of.wrong("key.usable", {
        says: `its state is ${state}`,
        why: WITHOUT,
        fix: `aws kms enable-key --key-id ${name}`,
      }),
    ];
  if (spec !== SPEC[algorithm] || usage !== "SIGN_VERIFY")
    return [
      of.wrong("key.usable", {
        says: `it is ${spec}, ${usage}, and has to be ${SPEC[algorithm]}, SIGN_VERIFY`,
        why: WITHOUT,
        fix: "point the setting at a key that the hub stack made; a key's spec cannot be changed",
      }),
    ];
  return [
    of.ok("key.usable", `it is enabled: ${spec}`),
    ...(origin === "EXTERNAL"
      ? [
          of.warn("key.origin", {
            says: "its material was imported",
            why: "a copy of the private half may exist outside KMS",
            fix: "hand the chain over to a key that KMS made: holdfast report rotate-keys --to kms:NEW",
          }),
        ]
      : []),
  ];
}

const judgeIdentity = (of: Subject, { keyid }: KeyFacts, { trusted }: KeyDuty): readonly Finding[] =>
  trusted === undefined
    ? []
    : of.judge("key.pinned", "its public half", keyid, (id) =>
        id !== undefined && trusted.includes(id)
          ? of.ok("key.pinned", "it is one of the pinned keys")
          : of.wrong("key.pinned", {
              says: "it is none of the pinned keys",
              why: "what it signs does not verify, so that every run is held off",
              fix: "point the setting at the pinned key, or hand over to this one: holdfast report rotate-keys prints the keys.json to commit",
            }),
      );

const judgePolicy = (of: Subject, { policy, name }: KeyFacts, duty: KeyDuty): readonly Finding[] =>
  of.judge("key.signers", "its policy", policy, (statements = []) => [
    judgeSigners(of, statements, name, duty),
    judgeGrants(of, statements, name),
  ]);

function judgeSigners(of: Subject, policy: readonly Said[], name: string, { signer }: KeyDuty): Finding {
  const signers = allowedTo(policy, "kms:Sign");
  const fix = `npx cdk deploy holdfast-hub puts its policy back; CloudTrail's PutKeyPolicy on ${name} says who changed it`;
  const retired = signers.filter(isRetired);
  if (retired.length > 0)
    return of.wrong("key.signers", {
      says: `its policy lets ${retired.join(", ")} sign: a role that was deleted`,
      why: "the role that was made in its place is another one to AWS, and cannot sign",
      fix,
    });
  if (signer !== undefined && !signers.includes(signer))
    return of.wrong("key.signers", {
      says: `its policy does not let ${signer} sign`,
      why: "no report can be signed, so that no run begins",
      fix,
    });
  const others = signers.filter((one) => one !== signer);
  if (signer !== undefined && others.length > 0)
    return of.wrong("key.signers", {
      says: `its policy lets ${others.join(", ")} sign as well`,
      why: "a report may have been made by somebody else than the controller",
      fix,
    });
  if (signers.some((one) => one === "*" || one.endsWith(":root")))
    return of.wrong("key.signers", {
      says: `its policy lets ${signers.join(", ")} sign: whoever the account's own policies let`,
      why: "who may publish is decided in more places than one",
      fix,
    });
  if (!isRefusedToOthers(policy, signers))
    return of.warn("key.signers", {
      says: "its policy does not refuse everybody else",
      why: "an administrator's own policies may let others sign without a trace in the key's",
      fix,
    });
  return of.ok("key.signers", signers.length === 0 ? "nobody can sign with it" : `only ${signers.join(", ")} can sign`);
}

/** A refusal to everybody but these, or to everybody where there are none. */
const isRefusedToOthers = (policy: readonly Said[], signers: readonly string[]): boolean =>
  refusals(policy, "kms:Sign").some(({ elements }) => {
    const spared = elements.get("Condition arnnotequals aws:principalarn") ?? [];
    return spared.length === signers.length && spared.every((one) => signers.includes(one));
  });

const judgeGrants = (of: Subject, policy: readonly Said[], name: string): Finding =>
  refusals(policy, "kms:CreateGrant").length > 0
    ? of.ok("key.grants", "nobody can hand it on by a grant")
    : of.warn("key.grants", {
        says: "its policy does not refuse grants",
        why: "the right to sign can be handed on without a change of the policy",
        fix: `npx cdk deploy holdfast-hub puts its policy back; aws kms list-grants --key-id ${name} shows what was handed on`,
      });
