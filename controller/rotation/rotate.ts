/**
 * Exchanges the key that our own webhooks are signed with (rule 29). Secrets Manager calls for one step after the other, each at least once
 * and any of them again (Secrets Manager User Guide, "Lambda rotation functions"). The new key is AWSCURRENT in the end and the old one
 * AWSPREVIOUS: receivers take both for as long as they may still meet the old one.
 */
import * as z from "zod";
import type { Call } from "../aws/operation.ts";
import { describeSecret, getSecretValue, putSecretValue, updateSecretVersionStage } from "../aws/secrets-operations.ts";
import { HoldfastError, unless } from "../domain/errors.ts";

export const RotationEvent = z.object({
  Step: z.enum(["createSecret", "setSecret", "testSecret", "finishSecret"]),
  SecretId: z.string().min(1),
  /** Id of the version that is to become current. */
  ClientRequestToken: z.string().min(1),
});
export type RotationEvent = z.infer<typeof RotationEvent>;

export type SecretsCall = Call<
  typeof describeSecret | typeof getSecretValue | typeof putSecretValue | typeof updateSecretVersionStage
>;

/** Bytes from a source that nobody can foresee. */
export type RandomBytes = (count: number) => Uint8Array;

/** As long as the hash that it keys: more would add nothing (RFC 2104, section 3). */
const KEY_BYTES = 32;
const KEY = /^[A-Za-z0-9_-]{43}$/;

/** Throws HoldfastError `rotation-refused` where this version is not the one to become current. Says whether it already was. */
export async function rotate(
  event: RotationEvent,
  call: SecretsCall,
  random: RandomBytes,
): Promise<"done" | "current"> {
  const stages = await stagesOf(event, call);
  if (stages.includes("AWSCURRENT")) return "current";
  if (!stages.includes("AWSPENDING"))
    throw refused(event, `version ${event.ClientRequestToken} is not staged as AWSPENDING: begin the rotation anew`);
  await STEPS[event.Step](event, call, random);
  return "done";
}

async function stagesOf(event: RotationEvent, call: SecretsCall): Promise<readonly string[]> {
  const { RotationEnabled, VersionIdsToStages = {} } = await call(describeSecret, { SecretId: event.SecretId });
  if (RotationEnabled !== true) throw refused(event, "rotation is not enabled: deploy the hub again");
  const stages = VersionIdsToStages[event.ClientRequestToken];
  if (stages === undefined)
    throw refused(event, `it has no version ${event.ClientRequestToken}: begin the rotation anew`);
  return stages;
}

type Step = (event: RotationEvent, call: SecretsCall, random: RandomBytes) => Promise<void>;

const STEPS: Readonly<Record<RotationEvent["Step"], Step>> = {
  createSecret: async (event, call, random) => {
    if ((await pending(event, call)) !== undefined) return;
    const SecretString = Buffer.from(random(KEY_BYTES)).toString("base64url");
    const { SecretId, ClientRequestToken } = event;
    // Somebody put one meanwhile: this very step, delivered twice. A version is never altered, so that theirs stands.
    await unless(
      "exists",
      call(putSecretValue, { SecretId, ClientRequestToken, SecretString, VersionStages: ["AWSPENDING"] }),
      undefined,
    );
  },
  // The key lives nowhere else: there is nobody to tell of it.
  setSecret: async () => {},
  testSecret: async (event, call) => {
    const key = await pending(event, call);
    if (key === undefined) throw refused(event, "its new version has no value: createSecret did not come to its end");
    if (!KEY.test(key)) throw refused(event, "its new value is no key of ours: it was put by somebody else");
    const current = await call(getSecretValue, { SecretId: event.SecretId, VersionStage: "AWSCURRENT" });
    if (key === current.SecretString) throw refused(event, "its new key is the old one");
  },
  finishSecret: async ({ SecretId, ClientRequestToken }, call) => {
    const { VersionIdsToStages = {} } = await call(describeSecret, { SecretId });
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes("AWSCURRENT"));
    await call(updateSecretVersionStage, {
      SecretId,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: ClientRequestToken,
      ...(current === undefined ? {} : { RemoveFromVersionId: current }),
    });
  },
};

/** The value that the version to become current has by now. */
const pending = async (
  { SecretId, ClientRequestToken }: RotationEvent,
  call: SecretsCall,
): Promise<string | undefined> => {
  const asked = { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" };
  return (await unless("missing", call(getSecretValue, asked), undefined))?.SecretString;
};

const refused = ({ Step, SecretId }: RotationEvent, why: string): HoldfastError =>
  new HoldfastError("rotation-refused", `${Step} of ${SecretId}: ${why}`);
