import { AccountId } from "../../controller/domain/identity.ts";
import type { DesiredState, Revision } from "../../controller/domain/desired.ts";
import { Digest } from "../../controller/domain/identity.ts";
import { load, validate } from "../../controller/load/load.ts";
import { ManifestsRefused, showProblem } from "../../controller/load/problems.ts";
import type { Organization, OrganizationAccount } from "../../controller/ports.ts";
import { NO_COMMIT } from "../support/no-commit.ts";

export const NOW = new Date("2026-11-23T12:00:00Z");

const digest = Digest.parse("0".repeat(64));
export const REVISION: Revision = {
  digest,
  commit: null,
  tree: "0".repeat(40),
  dirty: true,
  sequence: null,
  fastForward: null,
  previousCommit: null,
  ...NO_COMMIT,
  uri: "file:desired",
  files: [],
};

/** An organization as manifests see it. Without accounts, asking for them fails: a load that should not ask is caught asking. */
export const organization = (
  accounts?: readonly Partial<OrganizationAccount>[],
  caller = "111122223333",
): Organization => ({
  accounts: () =>
    accounts
      ? Promise.resolve(
          accounts.map((one) => ({
            id: "111122223333",
            name: "account",
            status: "ACTIVE",
            tags: {},
            organizationalUnits: [],
            ...one,
          })),
        )
      : Promise.reject(new Error("nobody may list the organization here")),
  names: () => Promise.resolve(new Map()),
  caller: () => Promise.resolve({ account: AccountId.parse(caller), arn: `arn:aws:iam::${caller}:root` }),
});

/** A Fleet of one account and two Regions, on the first lines of the file, so that what follows begins at line 9. */
export const FLEET = `apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  accounts: { ids: [111122223333] }
  regions: [eu-west-1, eu-central-1]
  groups: { all: {}, ireland: { regions: [eu-west-1] } }
`;

export const manifest = (kind: string, name: string, spec: string): string =>
  `---\napiVersion: holdfast/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec:\n${spec.replaceAll(/^(?=.)/gm, "  ")}\n`;

export const files = (...texts: readonly string[]) => texts.map((text, index) => ({ path: `${index + 1}.yaml`, text }));

export const loaded = (text: string, where: Organization = organization()): Promise<DesiredState> =>
  load({ revision: REVISION, files: files(text) }, where, NOW);

/** What a person is shown, one problem after another. */
export const shown = (...texts: readonly string[]): string =>
  validate(files(...texts))
    .map(showProblem)
    .join("\n");

/** What a load that must be refused is refused for. */
export async function refusal(text: string, where: Organization = organization()): Promise<string> {
  try {
    await loaded(text, where);
  } catch (error) {
    if (error instanceof ManifestsRefused) return error.problems.map(showProblem).join("\n");
    throw error;
  }
  throw new Error("it was loaded");
}
