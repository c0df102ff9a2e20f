import type { Construct } from "constructs";
import { SigningKey } from "../constructs/signing-key.ts";
import type { Settings } from "../settings.ts";

/** The keys that reports are signed with, by the controller alone, and the one of desired state, by publishers alone. */
export const createKeys = (scope: Construct, controller: string, { publishers, secondSignature }: Settings) => ({
  signing: new SigningKey(scope, "SigningKey", {
    alias: "holdfast-evidence",
    description: "Signs Holdfast's reports.",
    signers: [controller],
  }),
  // Its own policy lets the controller sign with it: the controller's stays the one that was reviewed, with a second key or without.
  second: secondSignature
    ? new SigningKey(scope, "SecondKey", {
        alias: "holdfast-evidence-second",
        description: "Signs Holdfast's reports beside the first key.",
        signers: [controller],
        algorithm: "ML_DSA_SHAKE_256",
      })
    : undefined,
  sync: new SigningKey(scope, "SyncKey", {
    alias: "holdfast-sync",
    description: "Signs the desired state that holdfast sync publishes.",
    signers: publishers,
  }),
});
export type Keys = ReturnType<typeof createKeys>;
