import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, digestOf } from "../../controller/domain/digest.ts";
import { instant, showTarget } from "../../controller/domain/identity.ts";
import { Expiry, expiryOf, hasExpired, lastDayOf } from "../../controller/load/expiry.ts";
import { files, FLEET, loaded, manifest, NOW, organization, refusal, shown } from "./support.ts";

const VAULT = manifest("BackupVault", "nightly", "targets: { groups: [all] }");
const POLICY = manifest(
  "RecoveryPointPolicy",
  "left-over",
  "targets: { groups: [all] }\nmatch: {}\norphans: { when: [expired], action: delete }",
);
const POINT = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0";
const GROUP = `g${"a".repeat(24)}`;

/** One consent in a file of its own: its spec begins at line 6, column 3. */
const texts = (kind: string, spec: string) => [FLEET + VAULT + POLICY, manifest(kind, "it", spec)] as const;
const whole = (kind: string, spec: string) => texts(kind, spec).join("");
const approving = (fields: string, expires = "2026-12-01") =>
  ["Approval", `${fields}\nreason: agreed\nexpires: ${expires}`] as const;
const waiving = (fields: string, expires = "2027-06-30") =>
  ["Waiver", `owner: storage team\nreason: audit\nexpires: ${expires}\n${fields}`] as const;
/** Problems of the second file, without its name. */
const found = (kind: string, spec: string) => shown(...texts(kind, spec)).replaceAll(/^2\.yaml:/gm, "");
const warnings = async (kind: string, spec: string) =>
  (await loaded(whole(kind, spec))).warnings.map(({ message, hint }) => `${message}${hint ? ` (${hint})` : ""}`);

describe("approvals", () => {
  it("say what, why and how long", async () => {
    const spec = {
      changes: ["mbs5kq2ad7xe"],
      groups: [{ id: GROUP, report: 42 }],
      standing: [{ policy: "left-over", cause: "expired" }],
      lastPoints: [POINT],
      reason: "agreed",
      ticket: "OPS-7",
      expires: "2026-12-01",
    };
    const { expires: _, ...said } = spec;
    const { approvals, waivers, warnings } = await loaded(whole("Approval", JSON.stringify(spec)));
    expect(approvals).toEqual([
      {
        name: "it",
        ...said,
        digest: digestOf(canonical(spec)),
        expiresOn: "2026-12-02T00:00:00.000Z",
        source: { path: "1.yaml", line: 23, column: 1 },
      },
    ]);
    expect({ waivers, warnings }).toEqual({ waivers: [], warnings: [] });
  });

  it("come in order of their names, each another digest once it is edited", async () => {
    const one = (name: string, id: string) => manifest("Approval", name, approving(`changes: [${id}]`)[1]);
    const all = [one("b", "aaaaaaaaaaaa"), one("a", "bbbbbbbbbbbb"), one("c", "aaaaaaaaaaaa")];
    const { approvals } = await loaded(FLEET + VAULT + all.join(""));
    expect(approvals.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    const [a, b, c] = approvals.map(({ digest }) => digest);
    expect(b).toBe(c);
    expect(a).not.toBe(b);
  });

  it.each<[string, string, string, string]>([
    [
      "approve something",
      ...approving(""),
      "5:1: error: spec approves nothing\n  give changes, groups, standing or lastPoints",
    ],
    [
      "say why and for how long",
      "Approval",
      "changes: [mbs5kq2ad7xe]",
      "5:1: error: reason is missing\n5:1: error: expires is missing",
    ],
    [
      "name changes as reports do",
      ...approving("changes: [mbs5kq2ad7x1, MBS5KQ2AD7XE]"),
      `6:13: error: changes[0] must be a change's id: 12 characters of a-z and 2-7; found "mbs5kq2ad7x1"\n` +
        `6:27: error: changes[1] must be a change's id: 12 characters of a-z and 2-7; found "MBS5KQ2AD7XE"`,
    ],
    [
      "name groups as reports do",
      ...approving("groups: [{ id: mbs5kq2ad7xe, report: 0 }, { id: g }]"),
      `6:18: error: groups[0].id must be a group's id: g and 24 characters of a-z and 2-7; found "mbs5kq2ad7xe"\n` +
        "6:40: error: groups[0].report is too small: 1 at least\n" +
        "6:45: error: groups[1].report is missing\n" +
        `6:51: error: groups[1].id must be a group's id: g and 24 characters of a-z and 2-7; found "g"`,
    ],
    [
      "name a group once, with one report",
      ...approving(`groups: [{ id: ${GROUP}, report: 1 }, { id: ${GROUP}, report: 2 }]`),
      `6:64: error: groups[1].id repeats ${GROUP} of entry 0\n  names are unique here`,
    ],
    [
      "stand for what has expired, and for no other cause (rules 7, 30)",
      ...approving("standing: [{ policy: left-over, cause: planDeleted }]"),
      '6:42: error: standing[0].cause must be expired; found "planDeleted"\n' +
        "  of other causes approve what a report announces, by change id or by group: consent in advance is for expired",
    ],
    [
      "know a slip of the pen",
      ...approving("standing: [{ policy: left-over, cause: expird }]"),
      '6:42: error: standing[0].cause must be expired; found "expird"\n  did you mean expired?',
    ],
    [
      "stand for a policy that there is",
      ...approving("standing: [{ policy: left-ovre, cause: expired }]"),
      "6:24: warning: standing[0].policy names left-ovre, and there is no policy of that name\n  did you mean left-over?",
    ],
    [
      "name last points one by one",
      ...approving(`lastPoints: ["arn:aws:ec2:eu-west-1::snapshot/*", snap-1]`),
      `6:16: error: lastPoints[0] must be a recovery point's ARN, without wildcards; found "arn:aws:ec2:eu-west-1::snapshot/*"\n` +
        `6:53: error: lastPoints[1] must be a recovery point's ARN, without wildcards; found "snap-1"`,
    ],
    [
      "end on a day that there is",
      ...approving("changes: [mbs5kq2ad7xe]", "2026-11-31"),
      '8:12: error: expires must be a day such as 2027-01-31, or an instant such as 2027-01-31T18:00:00Z; found "2026-11-31"',
    ],
    [
      "take no variables",
      ...approving('lastPoints: ["arn:aws:ec2:${region}::snapshot/snap-1", "${x"]'),
      "6:16: error: Approval takes no variables: it is placed nowhere that could give them a value\n" +
        "6:58: error: Approval takes no variables: it is placed nowhere that could give them a value",
    ],
    [
      "have no targets",
      ...approving("changes: [mbs5kq2ad7xe]\ntargets: { groups: [all] }"),
      "7:3: error: spec has no field targets\n  known: changes, groups, standing, lastPoints, reason, ticket, expires",
    ],
  ])("%s", (_, kind, spec, expected) => expect(found(kind, spec)).toBe(expected));

  it("stand for a policy that deletes what is expired", () => {
    const tagging = POLICY.replace(", action: delete", "");
    const text = FLEET + VAULT + tagging;
    const approval = manifest("Approval", "it", approving("standing: [{ policy: left-over, cause: expired }]")[1]);
    expect(shown(text, approval)).toBe(
      "2.yaml:6:24: warning: standing[0].policy names left-over, which does not delete what is expired: there is nothing to approve\n  orphans: { when: [expired], action: delete } would",
    );
    // Where nothing could be placed, nothing is known of what it asks for.
    expect(shown(text.replace("ids: [111122223333]", "names: [prod-*]"), approval)).toBe("");
  });

  it("live at most 30 days (rule 7)", async () => {
    const until = (expires: string) => whole(...approving("changes: [mbs5kq2ad7xe]", expires));
    for (const expires of ["2026-12-22", "2026-12-23T12:00:00Z", "2026-12-23T14:00:00+02:00"])
      expect((await loaded(until(expires))).warnings).toEqual([]);
    expect(await refusal(until("2026-12-23"))).toMatch(
      /:\d+:12: error: expires is too far ahead: an approval lives at most 30 days; found 2026-12-23\n {2}the last day it may name today is 2026-12-22$/,
    );
    expect(await refusal(until("2026-12-23T12:00:01Z"))).toContain("error: expires is too far ahead");
    expect(shown(...files(until("2099-01-01")).map(({ text }) => text))).toBe("");
  });

  it("that have expired consent to nothing, and are loaded for what they were", async () => {
    const text = whole(...approving("changes: [mbs5kq2ad7xe]", "2026-11-22"));
    const { approvals, warnings } = await loaded(text);
    expect(warnings).toMatchObject([
      { message: "expires has passed: it consents to nothing any more; found 2026-11-22", hint: "remove it" },
    ]);
    expect(approvals).toMatchObject([{ expiresOn: "2026-11-23T00:00:00.000Z" }]);
  });
});

describe("waivers", () => {
  it("say who, why and how long, and what about", async () => {
    const findings = {
      policies: ["left-over"],
      causes: ["unencrypted"],
      accounts: ["012345678901"],
      regions: ["eu-west-1"],
      vaults: ["app-*"],
      resources: ["arn:aws:rds:*:*:db:legacy-*"],
      recoveryPoints: [POINT],
    };
    const { waivers } = await loaded(whole(...waiving(`findings: ${JSON.stringify(findings)}`)));
    expect(waivers).toEqual([
      {
        name: "it",
        owner: "storage team",
        reason: "audit",
        expiresOn: "2027-07-01T00:00:00.000Z",
        source: { path: "1.yaml", line: 23, column: 1 },
        findings,
        expectUnreachable: [],
      },
    ]);
  });

  it("take account ids as people write them", async () =>
    expect((await loaded(whole(...waiving("findings: { accounts: [012345678901] }")))).waivers).toMatchObject([
      { findings: { accounts: ["012345678901"] } },
    ]));

  it.each<[string, string, string, string]>([
    ["waive something", ...waiving(""), "5:1: error: spec waives nothing\n  give findings, expectUnreachable or both"],
    [
      "say which findings",
      ...waiving("findings: {}"),
      "9:13: error: findings is refused: say which: by policy, cause, vault or the like",
    ],
    [
      "have somebody who answers for them",
      "Waiver",
      "reason: audit\nexpires: 2027-06-30\nfindings: { vaults: [a] }",
      "5:1: error: owner is missing",
    ],
    [
      "know the causes there are",
      ...waiving("findings: { causes: [unencripted] }"),
      '9:24: error: findings.causes[0] must be planDeleted, resourceDeleted, expired, neverExpires, tooShort, tooLong, unowned, copied, copyMissing, copyFailed, copyTooShort, unencrypted, wrongKey, missingTag, wrongVault, lastPointExpiring, unprotected, rpo-breach, uncopied, unlocked, overlap, remedy-uncopied, restore-test-failed, validation-failed, validation-overdue, restore-untested, rto-missed or restore-leftover; found "unencripted"\n  did you mean unencrypted?',
    ],
    [
      "know the policies there are",
      ...waiving("findings: { policies: [left-over, weeks] }"),
      "9:37: warning: findings.policies[1] names weeks, and there is no policy of that name",
    ],
    [
      "take ARNs of resources, with wildcards, and of recovery points, without",
      ...waiving('findings: { resources: [legacy-*], recoveryPoints: ["*"] }'),
      `9:27: error: findings.resources[0] must be an ARN, with * and ? for wildcards; found "legacy-*"\n` +
        `9:55: error: findings.recoveryPoints[0] must be a recovery point's ARN, without wildcards; found "*"`,
    ],
    [
      "take no variables",
      ...waiving('findings: { accounts: ["${account}"] }'),
      "9:26: error: Waiver takes no variables: it is placed nowhere that could give them a value",
    ],
    [
      "expect nobody to be where nobody is",
      ...waiving("expectUnreachable: { accounts: [999988887777] }"),
      "9:35: warning: 999988887777 is not an account of the fleet: nobody expects to reach it",
    ],
  ])("%s", (_, kind, spec, expected) => expect(found(kind, spec)).toBe(expected));

  it("that have expired are no fault of the manifests", async () => {
    expect(await warnings(...waiving("findings: { vaults: [a] }", "2020-01-01"))).toEqual([]);
    expect((await loaded(whole(...waiving("findings: { vaults: [a] }", "2020-01-01")))).waivers).toHaveLength(1);
  });
});

describe("accounts that are expected to be out of reach (rule 27)", () => {
  const TWO = FLEET.replace("[111122223333]", "[111122223333, 444455556666]");
  const unreachable = (name: string, expires: string, reason = "being moved") =>
    manifest(
      "Waiver",
      name,
      `owner: network team\nreason: ${reason}\nexpires: ${expires}\nexpectUnreachable: { accounts: [444455556666] }`,
    );
  const fleetOf = async (...more: readonly string[]) => {
    const { fleet, warnings } = await loaded(TWO + VAULT + more.join(""));
    return {
      on: fleet.targets.map(showTarget),
      excluded: fleet.excluded,
      warnings: warnings.map((one) => one.message),
    };
  };
  const ONE = ["111122223333/eu-west-1", "111122223333/eu-central-1"];

  it("are left out until the waiver expires", async () => {
    expect(await fleetOf(unreachable("moving", "2026-11-30"))).toEqual({
      on: ONE,
      excluded: [
        {
          account: "444455556666",
          reason: "expected unreachable until 2026-11-30 (waiver moving, network team): being moved",
          manifest: "1.yaml",
        },
      ],
      warnings: [],
    });
    expect((await fleetOf(unreachable("moving", "2026-11-22"))).on).toHaveLength(4);
    expect((await fleetOf(unreachable("moving", "2026-11-23T12:00:00Z"))).excluded).toEqual([]);
    expect((await fleetOf(unreachable("moving", "2026-11-23T12:00:01Z"))).excluded).toHaveLength(1);
  });

  it("are left out for the first waiver's reason, and for the Fleet's own before any", async () => {
    const both = [unreachable("b", "2026-11-30", "later"), unreachable("a", "2026-11-30", "sooner")];
    expect((await fleetOf(...both)).excluded).toMatchObject([{ reason: expect.stringContaining("sooner") }]);
    const { fleet } = await loaded(
      TWO.replace("] }\n", "], exclude: [{ account: 444455556666, reason: sold }] }\n") + VAULT + both.join(""),
    );
    expect(fleet.excluded).toEqual([{ account: "444455556666", reason: "sold", manifest: "1.yaml" }]);
  });

  it("are in the fleet as long as nobody asks what day it is", () =>
    expect(
      shown(
        TWO + manifest("BackupVault", "there", "targets: { accounts: [444455556666] }"),
        unreachable("moving", "2026-11-30"),
      ),
    ).toBe(""));

  it("never leave a fleet of none", async () =>
    expect(
      await refusal(
        TWO.replace("[111122223333, 444455556666]", "[444455556666]") + VAULT + unreachable("moving", "2026-11-30"),
        organization(),
      ),
    ).toContain("the fleet comes to no accounts: there is nothing to look after"));
});

describe("consents by themselves", () => {
  const WAIVER = manifest("Waiver", "it", waiving("findings: { vaults: [a] }")[1]);
  const ONE = "\n  a desired state has one Fleet, which names its accounts and Regions";
  it("declare nothing for a Fleet", async () =>
    expect((await loaded(FLEET + WAIVER)).warnings.map(({ message }) => message)).toEqual([
      "the Fleet has approvals and waivers beside it and nothing else: nothing is declared for it",
    ]));
  it("are an empty desired state without one (law 7)", () =>
    expect(shown(WAIVER)).toBe(
      `1.yaml:1:1: error: the desired state holds nothing but approvals and waivers: an empty one is never acted on${ONE}`,
    ));
  it("have names of their own", () =>
    expect(shown(FLEET + VAULT, WAIVER, WAIVER)).toBe(
      "3.yaml:2:1: error: Waiver it is declared already at 2.yaml:2:1\n  give it another name, or use overrides for what differs",
    ));
});

describe("an end", () => {
  const moment = fc.date({ min: new Date("1970-01-02"), max: new Date("2199-12-31"), noInvalidDate: true });
  it("that is a day holds through that day and no longer", () =>
    fc.assert(
      fc.property(moment, (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(Expiry.safeParse(day).success).toBe(true);
        expect(hasExpired(expiryOf(day), date)).toBe(false);
        expect(hasExpired(expiryOf(day), new Date(date.getTime() + 86_400_000))).toBe(true);
        expect(lastDayOf(expiryOf(day))).toBe(day);
      }),
    ));
  it("that is an instant is that instant", () =>
    fc.assert(
      fc.property(moment, (date) => {
        expect(Expiry.safeParse(date.toISOString()).success).toBe(true);
        expect(expiryOf(date.toISOString())).toBe(instant(date));
        expect(hasExpired(expiryOf(date.toISOString()), date)).toBe(true);
      }),
    ));
  it.each(["2026-02-30", "2026-13-01", "tomorrow", "2026-12-01T25:00:00Z", "2026-12-01T10:00:00", "30d", ""])(
    "is not %j",
    (text) => expect(Expiry.safeParse(text).success).toBe(false),
  );
  it("is before now for nobody who asks at the time", () => expect(hasExpired(instant(NOW), NOW)).toBe(true));
});
