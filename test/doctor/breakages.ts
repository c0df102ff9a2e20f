/** What can be wrong with an installation, one thing at a time: how it comes to be, and what doctor says of it. */
import type { PolicyDocument, Statement } from "../simulator/iam/policy.ts";
import { sendTo } from "../simulator/platform/queue.ts";
import {
  anybody,
  bucket,
  changed,
  deadMan,
  eventsFunction,
  key,
  memberRole,
  platform,
  queue,
  schedule,
  topic,
  without,
  withStatement,
  type Row,
} from "./breaking.ts";
import { BUCKETS, controllerOf, HUB, IRELAND, SHOP, VAULTS } from "./scene.ts";

export const BREAKAGES: readonly Row[] = [
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
    breaks: (w) => {
      const { messages } = queue(w);
      for (const body of ["a", "b", "c"])
        sendTo(queue(w), { body, at: w.simulator.clock.now(), sender: "scheduler.amazonaws.com" }, w.simulator.random);
      return () => void messages.splice(0);
    },
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
    because: "what events wake destroys nothing, whatever runs there",
    breaks: (w) => {
      const [controller, events] = [controllerOf(w.simulator), eventsFunction(w)];
      const { name, trust, inline } = w.simulator.iam.role(`arn:aws:iam::${HUB}:role/holdfast-controller`)!;
      const was = { name, trust, inline: Object.fromEntries(inline) };
      const anywhere = JSON.stringify(was.inline).replaceAll(
        `:function:${controller.name}"`,
        `:function:${events.name}"`,
      );
      w.simulator.iam.putRole(HUB, { ...was, inline: JSON.parse(anywhere) as typeof was.inline });
      return () => void w.simulator.iam.putRole(HUB, was);
    },
    check: "role.policy",
    health: "wrong",
    says: /policy destroyer is not as reviewed: EnterToDestroy/,
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
