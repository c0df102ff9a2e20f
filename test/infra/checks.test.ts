/* oxlint-disable no-new -- a construct joins its scope by being made */
import { type App, Stack, Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { acknowledge } from "../../infra/acknowledge.ts";
import { checkApp } from "../../infra/checks.ts";
import { readSettings } from "../../infra/settings.ts";
import { createStacks } from "../../infra/stacks.ts";
import { aBundle, appWith } from "./deployed.ts";

const hubAccount = "111111111111";
/** Everything that settings can ask for. */
const EVERYTHING = {
  hubAccount,
  engine: "durable",
  secondSignature: true,
  evidence: { account: "444444444444" },
  publishers: [`arn:aws:iam::${hubAccount}:role/holdfast-sync`],
  github: { repository: "acme/backups", branch: "main", plan: true },
  readers: [`arn:aws:iam::${hubAccount}:role/platform-team`],
  notify: { emails: ["on-call@example.com"] },
  eventBus: `arn:aws:events:eu-central-1:${hubAccount}:event-bus/holdfast`,
  stackSet: { organizationalUnits: ["r-abcd"], regions: ["eu-central-1"] },
};

/** What cdk-nag finds, acknowledged or not, as `PATH of the resource → rule`. */
const findingsIn = (app: App): readonly Finding[] =>
  new AwsSolutionsChecks()
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => ({ path: constructPath, rule: ruleName })),
    );

interface Finding {
  readonly path: string;
  readonly rule: string;
}

interface Acknowledged extends Finding {
  readonly reason: string;
}

const acknowledgedIn = (app: App): readonly Acknowledged[] =>
  app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([rule, reason]) => ({ path: node.path, rule, reason })),
  );

const answers = (acknowledged: Finding, { path, rule }: Finding): boolean =>
  acknowledged.rule === `AwsSolutions::${rule}` && `${path}/`.startsWith(`${acknowledged.path}/`);

describe.each([
  ["with everything that settings can ask for", EVERYTHING],
  ["as the smallest installation is", {}],
])("the stacks, %s", (_, given) => {
  const app = appWith(given);
  createStacks(app, readSettings(app.node), aBundle());
  const findings = findingsIn(app);
  const acknowledged = acknowledgedIn(app);

  it("have every finding of AwsSolutions acknowledged", () => {
    expect(findings.filter((finding) => !acknowledged.some((one) => answers(one, finding)))).toEqual([]);
    expect(findings).not.toEqual([]);
  });

  it("acknowledge nothing that is not found", () => {
    expect(acknowledged.filter((one) => !findings.some((finding) => answers(one, finding)))).toEqual([]);
  });

  it("give a reason each time, and name the pack: or the finding would be missing from the report", () => {
    expect(acknowledged.filter(({ rule }) => !rule.startsWith("AwsSolutions::AwsSolutions-"))).toEqual([]);
    expect(acknowledged.filter(({ reason }) => !/^[A-Z].{30,}[.]$/s.test(reason))).toEqual([]);
  });
});

describe("synthesis", () => {
  /** A stack with a queue that may be read in the clear and has no dead letters. */
  function planted(acknowledging: (queue: Queue) => void = () => {}): App {
    const app = appWith({});
    acknowledging(new Queue(new Stack(app, "planted"), "Queue"));
    checkApp(app);
    return app;
  }

  it("fails on a finding that nobody has acknowledged", () => {
    expect(() => planted().synth()).toThrow("AwsSolutions::AwsSolutions-SQS3");
  });

  it("fails as well where it is acknowledged by a name that is not its own", () => {
    const wrong = planted((queue) =>
      acknowledge(queue, "SQS2", "Another rule altogether, and no reason for this one."),
    );
    expect(() => wrong.synth()).toThrow("AwsSolutions::AwsSolutions-SQS3");
  });

  it("passes once each finding is acknowledged", () => {
    const app = planted((queue) => {
      acknowledge(queue, "SQS3", "Nothing is lost with it.");
      acknowledge(queue, "SQS4", "Nothing is told by it.");
    });
    expect(() => app.synth()).not.toThrow();
  });
});
