import * as z from "zod";
import {
  deleteVaultPolicy,
  getVaultPolicy,
  listBackupVaults,
  listTags,
  putVaultPolicy,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { digestOf } from "../../domain/digest.ts";
import { Digest } from "../../domain/identity.ts";
import { unless } from "../../domain/errors.ts";
import { defineKind } from "../define-kind.ts";
import { satellitesOf } from "../satellite.ts";
import { statementsIn } from "../copy-permission.ts";
import { normalisePolicy, policyEffect } from "./policy-document.ts";
import { failsInboundCopies, locksUsOut } from "./policy-hazards.ts";
import { VaultPolicySpec } from "./spec.ts";

/** The document as AWS returns it: semantically ours, perhaps spelled otherwise, or not even JSON. `sha256`: of its very text. */
export const VaultPolicyState = z.strictObject({ document: z.json(), sha256: Digest });
export type VaultPolicyState = z.infer<typeof VaultPolicyState>;

const list = satellitesOf<VaultPolicyState, typeof getVaultPolicy>("vault-policy", async (call, vault) => {
  const found = await unless("missing", call(getVaultPolicy, { BackupVaultName: vault.name }), undefined);
  const text = found?.Policy;
  return text === undefined ? undefined : { document: parsed(text), sha256: digestOf(text) };
});

const parsed = (text: string): VaultPolicyState["document"] => {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    // Not JSON: comparing it as a text makes it differ from any policy, which is the truth.
    return text;
  }
};

export const vaultPolicy = defineKind<VaultPolicySpec, VaultPolicyState>({
  name: "vault-policy",
  after: ["vault"],
  dropped: "release",
  spec: VaultPolicySpec,
  state: VaultPolicyState,
  list: step("observe")([listBackupVaults, listTags, getVaultPolicy], list),

  normalise: ({ policy }) => ({ policy: normalisePolicy(policy) as VaultPolicySpec["policy"] }),
  // A live policy may hold what our schema refuses; it is only compared, so it keeps AWS's shape under the spec's name.
  observed: ({ document }) => ({ policy: normalisePolicy(document) as VaultPolicySpec["policy"] }),
  fields: { policy: { effect: policyEffect, on: "in-place" } },
  creation: { effect: () => "strengthens" },
  // An empty policy takes nothing away that a Deny did not give.
  removal: { effect: ({ document }) => policyEffect(document, undefined) },
  hazards: ({ key, spec, live, view }) =>
    locksUsOut(statementsIn(live?.state.document), statementsIn(spec?.policy)) ||
    failsInboundCopies(key, statementsIn(spec?.policy), view)
      ? ["fails-jobs"]
      : [],
  vaultFacts: ({ state }) => ({ policySha256: state.sha256 }),

  create: step("apply")([putVaultPolicy], async (call, _target, { key, spec }) => {
    await call(putVaultPolicy, { BackupVaultName: key.name, Policy: JSON.stringify(spec.policy) });
  }),
  update: step("apply")([putVaultPolicy], async (call, _target, { key, spec }) => {
    await call(putVaultPolicy, { BackupVaultName: key.name, Policy: JSON.stringify(spec.policy) });
    return "updated";
  }),
  remove: step("apply")([deleteVaultPolicy], async (call, _target, live) => {
    await call(deleteVaultPolicy, { BackupVaultName: live.key.name });
  }),

  examples: {
    smallest: {
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }],
      },
    },
    fullest: {
      policy: {
        Version: "2012-10-17",
        Id: "central",
        Statement: [
          {
            Sid: "NoDeletion",
            Effect: "Deny",
            Principal: "*",
            Action: ["backup:UpdateRecoveryPointLifecycle", "backup:DeleteRecoveryPoint"],
            Resource: "*",
          },
          {
            Sid: "CopiesFromTheOrganization",
            Effect: "Allow",
            Principal: { AWS: ["arn:aws:iam::444455556666:root"] },
            Action: "backup:CopyIntoBackupVault",
            Resource: "*",
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
          },
        ],
      },
    },
  },
});
