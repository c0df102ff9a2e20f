import { describe, expect, it } from "vitest";
import { showTarget } from "../../controller/domain/identity.ts";
import type { OrganizationAccount } from "../../controller/ports.ts";
import { load } from "../../controller/load/load.ts";
import { ManifestsRefused } from "../../controller/load/problems.ts";
import { files, FLEET, loaded, manifest, NOW, organization, refusal, REVISION, shown } from "./support.ts";

const fleet = (spec: string, targets = "groups: [some]") =>
  `${manifest("Fleet", "acme", spec)}${manifest("BackupVault", "nightly", `targets: { ${targets} }`)}`;

const accounts: readonly Partial<OrganizationAccount>[] = [
  {
    id: "111122223333",
    name: "prod-shop",
    organizationalUnits: ["ou-prod-11111111", "r-root"],
    tags: { backup: "yes" },
  },
  {
    id: "444455556666",
    name: "prod-bank",
    organizationalUnits: ["ou-prod-11111111", "r-root"],
    tags: { backup: "no" },
  },
  { id: "777788889999", name: "sandbox", organizationalUnits: ["ou-test-22222222", "r-root"] },
  { id: "012345678901", name: "prod-old", status: "SUSPENDED", organizationalUnits: ["ou-prod-11111111", "r-root"] },
];

/** Which targets a manifest for group `some` lands on. */
async function placed(spec: string, targets?: string, known = accounts) {
  const { resources, fleet: resolved, warnings } = await loaded(fleet(spec, targets), organization(known));
  return {
    on: resources.map(({ key }) => showTarget(key.target)),
    fleet: resolved.targets.map(showTarget),
    excluded: resolved.excluded,
    warnings: warnings.map(({ message }) => message),
  };
}

describe("selecting accounts", () => {
  it.each([
    ["ids: [444455556666]", ["444455556666"], "by id"],
    ["organizationalUnits: [ou-prod-11111111]", ["111122223333", "444455556666"], "by unit, ACTIVE ones only"],
    ["organizationalUnits: [r-root]", ["111122223333", "444455556666", "777788889999"], "however deep"],
    ["names: [prod-*]", ["111122223333", "444455556666"], "by name"],
    ["tags: { backup: 'yes' }", ["111122223333"], "by tag"],
    ["tags: { backup: 'yes', other: x }", [], "by all of the tags"],
    ["names: [sand*], tags: { backup: 'no' }", ["444455556666", "777788889999"], "either way: a union"],
    ["ids: [012345678901, 777788889999]", ["777788889999"], "not ACTIVE is left out even when named"],
  ])("$2: $0", async (selector, expected) => {
    const spec = `accounts: { organizationalUnits: [r-root] }\nregions: [eu-west-1]\ngroups: { some: { accounts: { ${selector} } } }`;
    expect((await placed(spec)).on).toEqual(expected.map((account) => `${account}/eu-west-1`));
  });

  it("takes the groups' accounts where the Fleet names none itself", async () => {
    const spec =
      "regions: [eu-west-1]\ngroups: { some: { accounts: { names: [prod-shop] } }, other: { accounts: { ids: [777788889999] } } }";
    expect((await placed(spec)).fleet).toEqual(["111122223333/eu-west-1", "777788889999/eu-west-1"]);
  });

  it("leaves accounts out and says why (rule 27)", async () => {
    const spec =
      "accounts: { names: [prod-*], exclude: [{ account: 444455556666, reason: sold }] }\nregions: [eu-west-1]\ngroups: { some: {} }";
    expect(await placed(spec)).toMatchObject({
      on: ["111122223333/eu-west-1"],
      excluded: [
        { account: "012345678901", reason: "AWS Organizations says it is SUSPENDED" },
        { account: "444455556666", reason: "sold" },
      ],
    });
  });

  it("asks AWS Organizations only where something needs it", async () => {
    const plain = "accounts: { ids: [111122223333] }\nregions: [eu-west-1]\ngroups: { some: {} }";
    await expect(loaded(fleet(plain))).resolves.toBeDefined();
    await expect(loaded(fleet(plain.replace("ids: [111122223333]", "names: [prod]")))).rejects.toMatchObject({
      code: "fleet-unresolved",
      message: expect.stringContaining("nobody may list the organization here"),
    });
    await expect(
      loaded(
        fleet(plain).replace("targets: { groups: [some] }", 'targets: { groups: [some] }\n  tags: { of: "${alias}" }'),
      ),
    ).rejects.toMatchObject({ code: "fleet-unresolved" });
  });

  it("puts the account's name in the place of ${alias}", async () => {
    const text = fleet("accounts: { ids: [111122223333] }\nregions: [eu-west-1]\ngroups: { some: {} }").replace(
      "targets: { groups: [some] }",
      'targets: { groups: [some] }\n  tags: { of: "${alias}" }',
    );
    expect((await loaded(text, organization(accounts))).resources[0]).toMatchObject({
      spec: { tags: { of: "prod-shop" } },
    });
  });
});

describe("targets", () => {
  const spec =
    "accounts: { ids: [111122223333, 444455556666] }\nregions: [eu-west-1, eu-central-1]\ngroups: { some: { accounts: { ids: [111122223333] }, regions: [eu-west-1] }, none: { accounts: { names: [nobody] } } }";
  it.each([
    ["groups: [some]", ["111122223333/eu-west-1"], "a group narrows Regions"],
    ["accounts: [444455556666]", ["444455556666/eu-central-1", "444455556666/eu-west-1"], "accounts have the Fleet's"],
    [
      "groups: [some], accounts: [444455556666]",
      ["111122223333/eu-west-1", "444455556666/eu-central-1", "444455556666/eu-west-1"],
      "groups ∪ accounts",
    ],
    [
      "groups: [some], accounts: [444455556666], regions: [eu-west-1]",
      ["111122223333/eu-west-1", "444455556666/eu-west-1"],
      "× regions",
    ],
  ])("$2: $0", async (targets, expected) => expect((await placed(spec, targets)).on).toEqual(expected));

  it("that match nothing are a warning", async () => {
    expect((await placed(spec, "groups: [none]")).warnings).toEqual([
      "targets match nothing: the manifest declares nothing",
    ]);
  });

  it("know the Fleet's groups, accounts and Regions", () => {
    const only = spec.replace("names: [nobody]", "ids: [111122223333]");
    expect(shown(fleet(only, "groups: [sum], accounts: [999988887777], regions: [eu-west-2]"))).toMatchInlineSnapshot(`
      "1.yaml:14:23: error: the Fleet has no group sum
        did you mean some?
      1.yaml:14:40: error: 999988887777 is not an account of the fleet
      1.yaml:14:65: error: eu-west-2 is not a Region of the fleet
        did you mean eu-west-1?"
    `);
  });
});

describe("${group}", () => {
  it("is the group that matched, and an error where two did", async () => {
    const both = `${FLEET}${manifest("BackupVault", "nightly", 'targets: { groups: [all, ireland] }\ntags: { in: "${group}" }')}`;
    expect(await refusal(both)).toMatchInlineSnapshot(
      `"1.yaml:14:15: error: \${group}: the target is in several of the manifest's groups: all, ireland (in 111122223333/eu-west-1)"`,
    );
    const { resources } = await loaded(both.replace("[all, ireland]", "[ireland]"));
    expect(resources[0]).toMatchObject({ spec: { tags: { in: "ireland" } } });
  });
});

describe("ambient access", () => {
  const spec = "access: ambient\nregions: [eu-west-1]\ngroups: { some: {} }";
  it("is the caller's own account", async () => {
    expect((await loaded(fleet(spec), organization(undefined, "444455556666"))).fleet.targets.map(showTarget)).toEqual([
      "444455556666/eu-west-1",
    ]);
  });
  it("never lands in another account than the Fleet names", async () => {
    const named = fleet(`${spec}\naccounts: { ids: [111122223333] }`);
    await expect(loaded(named, organization(undefined, "111122223333"))).resolves.toBeDefined();
    expect(await refusal(named, organization(undefined, "444455556666"))).toMatchInlineSnapshot(`
      "1.yaml:9:13: error: access is ambient and the credentials are those of account 444455556666: it cannot reach 111122223333
        use credentials of that account, or access: assumeRole"
    `);
  });
  it("reaches one account", () =>
    expect(shown(fleet(`${spec}\naccounts: { ids: [111122223333, 444455556666] }`))).toContain(
      "use access: assumeRole",
    ));
});

describe("what is never acted on (law 7)", () => {
  const ONE = "\n  a desired state has one Fleet, which names its accounts and Regions";
  it.each([
    [[], `.:1:1: error: the desired state holds no manifests: an empty one is never acted on${ONE}`, "no files"],
    [
      ["# nothing\n"],
      `1.yaml:1:1: error: the desired state holds no manifests: an empty one is never acted on${ONE}`,
      "a file that says nothing",
    ],
    [
      [manifest("BackupVault", "nightly", "targets: { groups: [all] }")],
      `1.yaml:1:1: error: no manifest of kind Fleet: nothing says where the others (1) apply${ONE}`,
      "manifests that no Fleet places",
    ],
    [
      [FLEET, manifest("Fleet", "other", "regions: [eu-west-1]")],
      `2.yaml:2:1: error: there is a Fleet already at 1.yaml:1:1${ONE}`,
      "two Fleets",
    ],
    [
      [manifest("Fleet", "acme", "regions: [eu-west-1]")],
      "1.yaml:5:1: error: the fleet comes to no accounts: there is nothing to look after",
      "a Fleet of no accounts",
    ],
  ])("$2", async (texts, expected) => {
    expect(shown(...texts)).toContain(expected);
    await expect(load({ revision: REVISION, files: files(...texts) }, organization(), NOW)).rejects.toThrow(
      ManifestsRefused,
    );
  });

  it("a Fleet alone is loaded, with a warning", async () =>
    expect((await loaded(FLEET)).warnings.map(({ message }) => message)).toEqual([
      "the Fleet is the only manifest: nothing is declared for it",
    ]));

  it("carries every problem in one refusal, a line each", async () => {
    const refused = load({ revision: REVISION, files: files(FLEET, "a: 1\n", "- b\n") }, organization(), NOW);
    await expect(refused).rejects.toThrow(/^6 problems in the manifests\n2\.yaml:1:1: error: /);
  });
});
