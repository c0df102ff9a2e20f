import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../controller/doctor/finding.ts";
import { doctorExitCode } from "../../controller/doctor/finding.ts";
import { doctorJson, doctorMarkdown, doctorText } from "../../controller/views/doctor.ts";
import type { PolicyDocument, Statement } from "../simulator/iam/policy.ts";
import { holdfast } from "../cli/command-line.ts";
import { ADMINISTRATOR } from "../support/installation.ts";
import { wrongCommands } from "./printed-commands.ts";
import { doctorsPolicy } from "./engineer.ts";
import { BUCKETS, controllerOf, FRANKFURT, HUB, installed, IRELAND, SHOP, VAULTS, type Installed } from "./scene.ts";

let world: Installed;
beforeAll(async () => {
  world = await installed();
});

const notWell = (findings: readonly Finding[]) => findings.filter(({ health }) => health !== "ok");

/** Something that is changed by hand, and how it is put back. */
type Break = (world: Installed) => () => void;

/** Sets members of a thing of the simulator, and remembers what they were. */
function changed<T extends object>(thing: T, change: Partial<T>): () => void {
  const before = Object.fromEntries(Object.keys(change).map((name) => [name, thing[name as keyof T]]));
  Object.assign(thing, change);
  return () => void Object.assign(thing, before);
}

const [platform, bucket] = [
  ({ simulator }: Installed) => simulator.platform(HUB, IRELAND),
  ({ simulator }: Installed, name: string) => simulator.bucket(name),
];
const schedule = (w: Installed) => [...platform(w).schedules.values()][0]!;
const deadMan = (w: Installed) =>
  [...platform(w).alarms.values()].find(({ missingData }) => missingData === "breaching")!;
const topic = (w: Installed) => platform(w).topics.get(deadMan(w).actions[0]!)!;
const queue = (w: Installed) => platform(w).queues.get(schedule(w).target.deadLetterArn!.split(":").at(-1)!)!;
const key = ({ simulator }: Installed, alias: string) => {
  const { aliases, keys } = simulator.kms(HUB, IRELAND);
  return keys.get(aliases.get(alias)!.keyId)!;
};

const statementsOf = (policy: PolicyDocument): readonly Statement[] => [policy.Statement].flat();
const without = (policy: PolicyDocument, sid: string): PolicyDocument => {
  const left = statementsOf(policy).filter(({ Sid }) => Sid !== sid);
  if (left.length === statementsOf(policy).length) throw new RangeError(`the policy has no ${sid}`);
  return { ...policy, Statement: left };
};
const withStatement = (policy: PolicyDocument, statement: Statement): PolicyDocument => ({
  ...policy,
  Statement: [...statementsOf(policy), statement],
});

type RoleChange = Parameters<Installed["simulator"]["iam"]["putRole"]>[1];

/** A member's role, put again with something changed by hand. */
const memberRole =
  (
    role: string,
    change: (now: RoleChange & { readonly inline: Record<string, PolicyDocument> }) => Partial<RoleChange>,
    account = SHOP,
  ): Break =>
  ({ simulator }) => {
    const now = simulator.iam.role(`arn:aws:iam::${account}:role/holdfast-${role}`)!;
    const { name, trust, boundary, boundaryArn, maxSessionSeconds } = now;
    const was = {
      name,
      trust,
      maxSessionSeconds,
      boundaryArn,
      inline: Object.fromEntries(now.inline),
      ...(boundary ? { boundary } : {}),
    };
    simulator.iam.putRole(account, { ...was, ...change(was) });
    return () => void simulator.iam.putRole(account, was);
  };

/** As holdfast-member does with a setting readers: beside the controller, to observe alone. */
const letIn = (account: string, reader: string): Break =>
  memberRole(
    "observe",
    ({ trust }) => ({
      trust: {
        ...trust,
        Statement: statementsOf(trust).map((one) => ({
          ...one,
          Principal: { AWS: [`arn:aws:iam::${HUB}:role/holdfast-controller`, reader] },
        })),
      },
    }),
    account,
  );

/** Somebody in the hub who may read all of it, and enter where they are let in. */
function readerIn({ simulator, sessionOf }: Installed) {
  simulator.iam.putRole(HUB, {
    name: "platform-team",
    trust: { Statement: [] },
    policies: [{ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }],
  });
  return sessionOf("platform-team");
}

interface Row {
  readonly because: string;
  readonly breaks: Break;
  readonly check: string;
  readonly health: Finding["health"];
  readonly says: RegExp;
  readonly fix: RegExp;
  readonly place?: string;
}

const anybody = (action: string, resource: string): Statement => ({
  Effect: "Allow",
  Principal: "*",
  Action: action,
  Resource: resource,
});

const ROWS: readonly Row[] = [
  {
    because: "a schedule that is disabled starts nothing",
    breaks: (w) => changed(schedule(w), { state: "DISABLED" }),
    check: "schedule.enabled",
    health: "wrong",
    says: /^it is disabled$/,
    fix: /setting trust/,
  },
  {
    because: "a schedule that is gone starts nothing",
    breaks: (w) => {
      const { schedules } = platform(w);
      const all = [...schedules];
      schedules.clear();
      return () => all.forEach(([name, one]) => schedules.set(name, one));
    },
    check: "schedule.exists",
    health: "wrong",
    says: /no schedule/,
    fix: /cdk deploy holdfast-hub/,
  },
  {
    because: "without an alias whatever was uploaded last runs",
    breaks: (w) => {
      const { target } = schedule(w);
      return changed(schedule(w), { target: { ...target, arn: target.arn.replace(/:live$/, "") } });
    },
    check: "schedule.target",
    health: "wrong",
    says: /names no alias$/,
    fix: /alias live/,
  },
  {
    because: "a start that fails and is not kept is lost",
    breaks: (w) => {
      const { deadLetterArn: _gone, ...target } = schedule(w).target;
      return changed(schedule(w), { target });
    },
    check: "schedule.dead-letters",
    health: "warn",
    says: /not kept/,
    fix: /failure queue/,
  },
  {
    because: "what waits in the failure queue is a run that never was",
    breaks: (w) => changed(queue(w), { depth: 3 }),
    check: "failures.depth",
    health: "warn",
    says: /^3 starts or events wait/,
    fix: /purge-queue/,
  },
  {
    because: "an alias without a function fails every start",
    breaks: (w) => {
      const { aliases } = controllerOf(w.simulator);
      aliases.delete("live");
      return () => void aliases.set("live", "1");
    },
    check: "function.exists",
    health: "wrong",
    says: /no such function or alias/,
    fix: /cdk deploy/,
  },
  {
    because: "reserved concurrency of 0 refuses every start",
    breaks: (w) => changed(controllerOf(w.simulator), { reservedConcurrency: 0 }),
    check: "function.concurrency",
    health: "wrong",
    says: /concurrency is 0/,
    fix: /put-function-concurrency/,
  },
  {
    because: "a run that is cut off early does little",
    breaks: (w) => changed(controllerOf(w.simulator), { timeoutSeconds: 60 }),
    check: "function.timeout",
    health: "warn",
    says: /cut off after 60 s/,
    fix: /cdk deploy/,
  },
  {
    because: "no alarm on silence wakes nobody",
    breaks: (w) => changed(deadMan(w), { missingData: "notBreaching" }),
    check: "alarm.dead-man",
    health: "wrong",
    says: /when no report comes/,
    fix: /cdk deploy/,
  },
  {
    because: "an alarm without actions wakes nobody",
    breaks: (w) => changed(deadMan(w), { actionsEnabled: false }),
    check: "alarm.actions",
    health: "wrong",
    says: /switched off/,
    fix: /enable-alarm-actions/,
  },
  {
    because: "who has not confirmed is not told",
    breaks: (w) => changed(topic(w).subscriptions[0]!, { confirmed: false }),
    check: "topic.subscribed",
    health: "wrong",
    says: /none of its subscriptions is confirmed/,
    fix: /confirm/,
  },
  {
    because: "an overwritten revision is gone without versions",
    breaks: (w) => changed(bucket(w, BUCKETS.DesiredState), { versioning: "Suspended" }),
    check: "desired.versioning",
    health: "warn",
    says: /no versions/,
    fix: /put-bucket-versioning --bucket acme-desired-state /,
  },
  {
    because: "a bucket that anybody may write to says what anybody likes",
    breaks: (w) => {
      const desired = bucket(w, BUCKETS.DesiredState);
      return changed(desired, {
        policy: withStatement(desired.policy!, anybody("s3:*", "arn:aws:s3:::acme-desired-state/*")),
      });
    },
    check: "desired.writers",
    health: "wrong",
    says: /anybody write/,
    fix: /get-bucket-policy/,
  },
  {
    because: "what is published is gone",
    breaks: (w) => {
      const { objects } = bucket(w, BUCKETS.DesiredState);
      const head = objects.get("desired/HEAD.json")!;
      objects.set("desired/HEAD.json", []);
      return () => void objects.set("desired/HEAD.json", head);
    },
    check: "desired.revision",
    health: "wrong",
    says: /no desired state at/,
    fix: /holdfast sync --to s3:\/\/acme-desired-state/,
  },
  {
    because: "evidence without a default lock can be deleted",
    breaks: (w) => changed(bucket(w, BUCKETS.Evidence), { lock: { defaultRetention: undefined } }),
    check: "evidence.lock",
    health: "wrong",
    says: /locks nothing/,
    fix: /put-object-lock-configuration --bucket acme-evidence .*Mode=GOVERNANCE,Days=2557/,
  },
  ...(
    [
      "KeepEveryReport",
      "NoOtherWayIn",
      "NoOtherWayOut",
      "WriteOnce",
      "NameAnotherChainOnCondition",
      "LockEverything",
      "NoShorterLock",
    ] as const
  ).map((sid): Row => ({
    because: `the refusal ${sid} is what evidence rests on`,
    breaks: (w) => {
      const evidence = bucket(w, BUCKETS.Evidence);
      return changed(evidence, { policy: without(evidence.policy!, sid) });
    },
    check: "evidence.refusals",
    health: "wrong",
    says: new RegExp(`lacks the refusal ${sid}$`),
    fix: /PutBucketPolicy/,
  })),
  {
    because: "a key that is disabled signs nothing",
    breaks: (w) => changed(key(w, "alias/holdfast-evidence"), { state: "Disabled" }),
    check: "key.usable",
    health: "wrong",
    says: /Disabled/,
    fix: /aws kms enable-key/,
  },
  {
    because: "a key about to be deleted can still be kept",
    breaks: (w) =>
      changed(key(w, "alias/holdfast-evidence-second"), {
        state: "PendingDeletion",
        deletionDate: new Date("2026-03-08T00:00:00Z"),
      }),
    check: "key.usable",
    health: "wrong",
    says: /deleted on 2026-03-08/,
    fix: /cancel-key-deletion/,
  },
  {
    because: "a key that others may use proves less",
    breaks: (w) => {
      const signing = key(w, "alias/holdfast-evidence");
      const Principal = { AWS: `arn:aws:iam::${HUB}:role/somebody` };
      return changed(signing, {
        policy: withStatement(signing.policy, { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }),
      });
    },
    check: "key.signers",
    health: "wrong",
    says: /role\/somebody sign as well/,
    fix: /PutKeyPolicy/,
  },
  {
    because: "the refusal to everybody else is what holds administrators off",
    breaks: (w) => {
      const sync = key(w, "alias/holdfast-sync");
      return changed(sync, { policy: without(sync.policy, "NobodyElseSigns") });
    },
    check: "key.signers",
    health: "warn",
    says: /not refuse everybody else/,
    fix: /PutKeyPolicy/,
  },
  {
    because: "an action added by hand is not what was reviewed",
    breaks: memberRole("observe", ({ inline }) => ({
      inline: {
        observe: withStatement(inline["observe"]!, { Sid: "ByHand", Effect: "Allow", Action: "ec2:*", Resource: "*" }),
      },
    })),
    check: "role.policy",
    health: "warn",
    says: /more than was reviewed: ByHand \(Allow ec2:\*\)/,
    fix: /cdk deploy holdfast-member/,
    place: SHOP,
  },
  {
    because: "a right taken away by hand makes runs fail",
    breaks: memberRole("retain", ({ inline }) => ({ inline: { retain: without(inline["retain"]!, "SetLifecycle") } })),
    check: "role.policy",
    health: "wrong",
    says: /SetLifecycle .* is missing/,
    fix: /cdk deploy holdfast-member/,
    place: SHOP,
  },
  {
    because: "a guard taken away lets through what nobody meant",
    breaks: memberRole("apply", ({ inline }) => ({ inline: { apply: without(inline["apply"]!, "NeverLockForEver") } })),
    check: "role.policy",
    health: "warn",
    says: /lacks a refusal .*NeverLockForEver/,
    fix: /cdk deploy holdfast-member/,
    place: SHOP,
  },
  {
    because: "a managed policy attached by hand is more than was reviewed",
    breaks: memberRole("observe", () => ({ attached: ["arn:aws:iam::aws:policy/AdministratorAccess"] })),
    check: "role.attached",
    health: "warn",
    says: /AdministratorAccess is attached/,
    fix: /detach-role-policy/,
    place: SHOP,
  },
  {
    because: "without a boundary whatever is attached counts in full",
    breaks: ({ simulator }) => {
      const { name, trust, inline, boundary, boundaryArn } = simulator.iam.role(
        `arn:aws:iam::${SHOP}:role/holdfast-apply`,
      )!;
      const unbounded = { name, trust, inline: Object.fromEntries(inline) };
      simulator.iam.putRole(SHOP, unbounded);
      return () => void simulator.iam.putRole(SHOP, { ...unbounded, boundaryArn, ...(boundary ? { boundary } : {}) });
    },
    check: "role.boundary",
    health: "warn",
    says: /no permissions boundary/,
    fix: /cdk deploy holdfast-member/,
    place: SHOP,
  },
  {
    because: "a long session outlives what is taken away",
    breaks: memberRole("destroy", () => ({ maxSessionSeconds: 43_200 })),
    check: "role.session",
    health: "warn",
    says: /43200 s/,
    fix: /update-role --role-name holdfast-destroy --max-session-duration 3600/,
    place: SHOP,
  },
  {
    because: "who may become the controller may do what it does",
    breaks: ({ simulator }) => {
      const { name, trust, inline } = simulator.iam.role(`arn:aws:iam::${HUB}:role/holdfast-controller`)!;
      const was = { name, trust, inline: Object.fromEntries(inline) };
      const somebody: Statement = {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${HUB}:root` },
        Action: "sts:AssumeRole",
      };
      simulator.iam.putRole(HUB, { ...was, trust: withStatement(trust, somebody) });
      return () => void simulator.iam.putRole(HUB, was);
    },
    check: "role.trust",
    health: "wrong",
    says: /trusts more than was reviewed/,
    fix: /cdk deploy holdfast-hub/,
  },
  {
    because: "a trust in anybody lets anybody in",
    breaks: memberRole("destroy", ({ trust }) => ({
      trust: withStatement(trust, {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${VAULTS}:root` },
        Action: "sts:AssumeRole",
      }),
    })),
    check: "role.trust",
    health: "wrong",
    says: /trusts more than was reviewed/,
    fix: /cdk deploy holdfast-member/,
    place: SHOP,
  },
  {
    because: "a role made anew under the same name is another one to AWS",
    breaks: memberRole("apply", ({ trust }) => ({
      trust: JSON.parse(
        JSON.stringify(trust).replaceAll(`arn:aws:iam::${HUB}:role/holdfast-controller`, "AROAEXAMPLEEXAMPLE01"),
      ) as PolicyDocument,
    })),
    check: "role.trust",
    health: "wrong",
    says: /AROAEXAMPLEEXAMPLE01: a role that was deleted/,
    fix: /names the new role/,
    place: SHOP,
  },
  {
    because: "a role that is gone does nothing",
    breaks: ({ simulator }) => {
      const arn = `arn:aws:iam::${VAULTS}:role/holdfast-destroy`;
      const { name, trust, inline, boundary, boundaryArn } = simulator.iam.role(arn)!;
      simulator.iam.deleteRole(arn);
      return () =>
        void simulator.iam.putRole(VAULTS, {
          name,
          trust,
          boundaryArn,
          inline: Object.fromEntries(inline),
          ...(boundary ? { boundary } : {}),
        });
    },
    check: "role.exists",
    health: "wrong",
    says: /does not exist/,
    fix: /cdk deploy holdfast-member/,
    place: VAULTS,
  },
  {
    because: "an account that the controller cannot enter is not looked after",
    breaks: memberRole("observe", ({ trust }) => ({
      trust: JSON.parse(JSON.stringify(trust).replaceAll('"holdfast"', '"another"')) as PolicyDocument,
    })),
    check: "account.entered",
    health: "wrong",
    says: /the controller cannot enter it/,
    fix: /externalId/,
    place: SHOP,
  },
  {
    because: "what is selected by tag is passed over where its type is not opted in",
    breaks: ({ simulator }) => {
      const { optIn } = simulator.backup(SHOP, IRELAND);
      optIn.set("EBS", false);
      return () => void optIn.set("EBS", true);
    },
    check: "opt-in.types",
    health: "warn",
    says: /selection nightly\/tagged .*not opted in: EBS/,
    fix: /update-region-settings --region eu-west-1 .*"EBS":true/,
    place: `${SHOP}/${IRELAND}`,
  },
  {
    because: "copies into another account fail while the organization does not allow them",
    breaks: ({ simulator }) => {
      const { values } = simulator.backup(SHOP, IRELAND).world.globalSettings;
      values.set("isCrossAccountBackupEnabled", "false");
      return () => void values.set("isCrossAccountBackupEnabled", "true");
    },
    check: "organization.cross-account",
    health: "wrong",
    says: /cross-account backup is off, and plan nightly/,
    fix: /update-global-settings/,
  },
  {
    because: "without its own role AWS Backup expires nothing",
    breaks: ({ simulator }) => {
      simulator.withoutServiceRole.add(VAULTS);
      return () => void simulator.withoutServiceRole.delete(VAULTS);
    },
    check: "backup-role.exists",
    health: "warn",
    says: /AWSServiceRoleForBackup is not there/,
    fix: /create-service-linked-role/,
    place: VAULTS,
  },
];

describe("doctor", () => {
  it("finds a whole installation well, having written nothing but the question to the controller and its answer", async () => {
    const from = world.simulator.calls.all().length;
    const findings = await world.doctor();
    expect(notWell(findings)).toEqual([]);
    expect(doctorExitCode(findings)).toBe(0);
    const writes = world.simulator.calls
      .all()
      .slice(from)
      .filter(({ mutating }) => mutating);
    expect(writes.map(({ operation }) => operation).filter((name) => name !== "AssumeRole")).toEqual([
      "Invoke",
      "PutObject",
    ]);
  });

  it.each(ROWS)("$check: $because", async ({ breaks, check, health, says, fix, place }) => {
    const mend = breaks(world);
    const broken = notWell(await world.doctor().finally(mend));
    const found = broken.find((one) => one.check === check && says.test(one.says));
    expect(found, JSON.stringify(broken, null, 2)).toBeDefined();
    expect(found).toMatchObject({ health, fix: expect.stringMatching(fix), ...(place ? { place } : {}) });
    expect(found?.why).toBeTruthy();
    expect(broken.flatMap(({ fix = "" }) => wrongCommands(fix))).toEqual([]);
  });

  it("finds all well again once everything is mended", async () => {
    expect(notWell(await world.doctor())).toEqual([]);
    expect(world.simulator.problems).toEqual([]);
  });

  it("is told as text, as JSON and as Markdown, what is not well with what it means and what to do", async () => {
    const { optIn } = world.simulator.backup(SHOP, IRELAND);
    const mend = changed(schedule(world), { state: "DISABLED" });
    optIn.set("EBS", false);
    const findings = await world.doctor().finally(() => {
      mend();
      optIn.set("EBS", true);
    });
    const golden = (name: string) => `../golden/views/doctor${name}`;
    await expect(doctorText(findings, { color: false, width: 80 })).toMatchFileSnapshot(golden("-80.txt"));
    await expect(doctorText(findings, { color: false, width: 120 })).toMatchFileSnapshot(golden("-120.txt"));
    await expect(doctorMarkdown(findings)).toMatchFileSnapshot(golden(".md"));
    const json = JSON.parse(doctorJson(findings)) as { readonly findings: readonly Finding[] };
    expect(json).toMatchObject({ schema: "holdfast-doctor/1", wrong: 1, unknown: 0, warnings: 1 });
    expect(json.findings).toEqual(findings);
    expect(doctorExitCode(findings)).toBe(1);
  });

  it("says of what it may not read that it does not know, and which right it lacks: exit 4", async () => {
    const credentials = world.simulator.iam.putUser(HUB, "visitor", [
      { Statement: [{ Effect: "Allow", Action: ["sts:GetCallerIdentity"], Resource: "*" }] },
    ]);
    const findings = await world.doctor({ as: credentials, ask: false });
    expect(new Set(findings.map(({ health }) => health))).toEqual(new Set(["unknown"]));
    expect(findings[0]).toMatchObject({
      check: "schedule.exists",
      fix: expect.stringContaining("scheduler:ListSchedules"),
    });
    expect(doctorExitCode(findings)).toBe(4);
  });

  it("takes of its own account no more than infra/policies/doctor.json grants, and all of it", async () => {
    const { simulator } = world;
    const policy = doctorsPolicy(world);
    const from = simulator.calls.all().length;
    expect(notWell(await world.doctor({ as: simulator.iam.putUser(HUB, "engineer", [policy]) }))).toEqual([]);
    const calls = simulator.calls.all().slice(from);
    const used = new Set(
      calls.filter(({ principal }) => principal.endsWith("user/engineer")).flatMap(({ permissions }) => permissions),
    );
    const unused = policy.Statement.flatMap(({ Action }) => Action).filter((action) => !used.has(action));
    // This fleet names its accounts by their ids.
    expect(unused.filter((action) => !action.startsWith("organizations:"))).toEqual([]);
  });

  it("takes a bucket that is not there for that, and not for one without a policy or a lock", async () => {
    // A person at the console deletes it.
    const buckets = world.simulator.buckets as Map<string, ReturnType<typeof bucket>>;
    const evidence = bucket(world, BUCKETS.Evidence);
    buckets.delete(BUCKETS.Evidence);
    const findings = notWell(await world.doctor().finally(() => buckets.set(BUCKETS.Evidence, evidence)));
    const told = findings.filter(({ about }) => about.startsWith("evidence "));
    expect(told.map(({ check, health }) => [check, health])).toEqual([
      ["evidence.versioning", "unknown"],
      ["evidence.lock", "unknown"],
      ["evidence.transport", "unknown"],
      ["evidence.refusals", "unknown"],
      ["evidence.chain", "wrong"],
    ]);
    expect(told.at(-1)?.says).toContain(`There is no bucket ${BUCKETS.Evidence}`);
  });

  it("does not take a caller whom no member trusts for a member that trusts nobody", async () => {
    const findings = notWell(await world.doctor({ ask: false }));
    expect(findings.map(({ check, health, place }) => [check, health, place])).toEqual([
      ["account.entered", "unknown", VAULTS],
      ["account.entered", "unknown", SHOP],
    ]);
    expect(findings[0]?.fix).toContain("--function");
  });

  it("looks at members itself where they let it in as a reader, and takes no other role for one", async () => {
    const reader = `arn:aws:iam::${HUB}:role/platform-team`;
    const mend = [HUB, SHOP, VAULTS].map((account) => letIn(account, reader)(world));
    try {
      const undeclared = notWell(await world.doctor());
      expect(undeclared.map(({ check, health, place }) => [check, health, place])).toEqual([
        ["role.trust", "wrong", VAULTS],
        ["role.trust", "wrong", SHOP],
      ]);
      mend.push(changed(controllerOf(world.simulator).environment, { HOLDFAST_READERS: reader }));
      expect(notWell(await world.doctor()), "by the controller").toEqual([]);
      expect(notWell(await world.doctor({ as: readerIn(world), ask: false })), "by the reader").toEqual([]);
    } finally {
      mend.toReversed().forEach((undo) => undo());
    }
  });

  it("says what it could not check without the pinned keys at hand", async () => {
    const findings = notWell(await world.doctor({ pinned: false }));
    expect(findings.map(({ check, health }) => [check, health])).toEqual([
      ["desired.signature", "unknown"],
      ["evidence.keys", "unknown"],
    ]);
  });
});

describe("printed commands", () => {
  it.each([
    ["aws iam detach-role-policies --role-name a", "has no detach-role-policies"],
    ["aws sqs purge-queue --queue-arn a", "has no --queue-arn"],
    ["aws lambda put-function-concurrency with 1", "names nothing"],
    ["aws buckets list --region a", "no service buckets"],
  ])("that AWS does not know are found: %s", (text, wrong) => {
    expect(wrongCommands(`first ${text}, then go on`)).toEqual([expect.stringContaining(wrong)]);
  });
});

describe("holdfast doctor", () => {
  const run = async (region: string, ...flags: readonly string[]) => {
    const listening = await world.simulator.listen(0);
    try {
      const env = { AWS_ENDPOINT_URL: listening.endpoint, AWS_REGION: region };
      return await holdfast(["doctor", "-o", "json", ...flags], { env, as: ADMINISTRATOR });
    } finally {
      await listening.close();
    }
  };
  const checks = (out: string) => notWell((JSON.parse(out) as { readonly findings: readonly Finding[] }).findings);

  it("finds the installation by its schedule, and exits by the worst of what it found", async () => {
    const { code, out } = await run(IRELAND);
    expect(code).toBe(4);
    expect(checks(out).map(({ check, health }) => `${check} ${health}`)).toEqual([
      "desired.signature unknown",
      "evidence.keys unknown",
      "account.entered unknown",
      "account.entered unknown",
    ]);
  });

  it("says so where it is told other settings than the controller has", async () => {
    const { out } = await run(IRELAND, "--work", "s3://acme-desired");
    expect(checks(out)).toContainEqual(
      expect.objectContaining({
        check: "function.settings",
        says: "its HOLDFAST_WORK is s3://acme-work, and doctor was given s3://acme-desired",
      }),
    );
  });

  it("says where there is none, and that it does not know what to look at: exit 1", async () => {
    const { code, out } = await run(FRANKFURT);
    expect(code).toBe(1);
    expect(checks(out).map(({ check, health }) => `${check} ${health}`)).toEqual([
      "settings.readable wrong",
      "schedule.exists wrong",
      "alarm.dead-man wrong",
    ]);
  });
});

describe("time that passes", () => {
  it("makes the next report overdue, and the lease of a dead run stale", async () => {
    const late = await installed();
    await late.time.clock.sleep(0);
    late.simulator.clock.advance(48 * 3_600_000);
    expect(notWell(await late.doctor())).toMatchObject([{ check: "evidence.due", health: "wrong" }]);
    await late.run();
    expect(notWell(await late.doctor())).toEqual([]);
  });
});
