import { INSTALLED } from "../support/installation.ts";
import { HUB, IRELAND, type Universe } from "../support/universe.ts";

/** Keys to hand a chain over to, `alias/next` and `alias/second`: their policies let the controller sign, as those that the stack makes do. */
export function addNextKeys({ simulator }: Universe) {
  const { keys, aliases } = simulator.kms(HUB, IRELAND);
  const policyOf = (alias: string) => keys.get(aliases.get(alias)!.keyId)!.policy;
  const { signingKey } = INSTALLED;
  return {
    next: simulator.addKey(HUB, IRELAND, {
      alias: "alias/next",
      spec: "ECC_NIST_P256",
      policy: policyOf(signingKey),
    }),
    second: simulator.addKey(HUB, IRELAND, {
      alias: "alias/second",
      spec: "ML_DSA_65",
      policy: policyOf(`${signingKey}-second`),
    }),
  };
}
