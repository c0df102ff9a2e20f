import type { Call } from "../../aws/operation.ts";
import { type Keys, keysAt } from "../../attest/sealing/keys.ts";
import type { Settings } from "../../settings.ts";
import type { Finding } from "../finding.ts";
import type { LiveFunction } from "../function/read.ts";
import { judgeKey, type KeyDuty } from "../keys/judge.ts";
import { readKey } from "../keys/read.ts";

/** Whom reports and the desired state are signed by, as far as doctor was given their keys.json. */
export interface Trust {
  readonly reports?: Keys;
  readonly sync?: Keys;
}

/** Every key that something is signed with: KMS keys alone, a key file has no settings to look at. */
export async function examineKeys(
  call: Call,
  settings: Settings,
  trust: Trust,
  controller: LiveFunction | undefined,
): Promise<readonly Finding[]> {
  const duties = [...reportKeys(settings, trust, controller), ...syncKeys(trust)];
  const found = await Promise.all(duties.map(async ({ name, duty }) => judgeKey(await readKey(call, name), duty)));
  return found.flat();
}

interface Named {
  readonly name: string;
  readonly duty: KeyDuty;
}

function reportKeys(
  { signer, secondSigner }: Settings,
  { reports }: Trust,
  controller: LiveFunction | undefined,
): readonly Named[] {
  const common = {
    ...(reports ? { trusted: reports.keys.filter(({ status }) => status === "active").map(({ keyid }) => keyid) } : {}),
    ...(controller ? { signer: controller.role } : {}),
  };
  return [
    ...inKms(signer, { called: "report key", algorithm: "ECDSA_SHA_256", ...common }),
    ...inKms(secondSigner, { called: "second report key", algorithm: "ML_DSA_SHAKE_256", ...common }),
  ];
}

const inKms = (signer: string | undefined, duty: KeyDuty): readonly Named[] =>
  signer?.startsWith("kms:") === true ? [{ name: signer.slice("kms:".length), duty }] : [];

/** The desired state's, where its keys.json says which KMS key it is. */
const syncKeys = ({ sync }: Trust): readonly Named[] =>
  (sync ? keysAt(sync, Number.MAX_SAFE_INTEGER) : []).flatMap(({ kmsKeyArn, keyid, algorithm }) =>
    kmsKeyArn === undefined ? [] : [{ name: kmsKeyArn, duty: { called: "sync key", algorithm, trusted: [keyid] } }],
  );
