import { describe, expect, it } from "vitest";
import { leaningsIn } from "../../controller/doctor/opt-ins/wanted.ts";
import { comparePolicies, nameOf } from "../../controller/doctor/policies/compare.ts";
import { readDocument, readPolicy } from "../../controller/doctor/policies/document.ts";
import { target } from "../support/fleet.ts";

const allow = (rest: object) => ({ Effect: "Allow", ...rest });
const policy = (...statements: readonly object[]) => readDocument({ Statement: statements });
const REVIEWED = policy(allow({ Sid: "Read", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["${Bucket}/*"] }));

interface Case {
  readonly because: string;
  readonly live: object;
  readonly missing: number;
  readonly extra: number;
}

describe("a live policy beside the reviewed one", () => {
  it.each<Case>([
    {
      because: "names of statements, order, case of actions and one value in place of a list mean nothing",
      live: allow({ Action: ["s3:putobject", "S3:GetObject"], Resource: "arn:aws:s3:::a/*" }),
      missing: 0,
      extra: 0,
    },
    {
      because: "one action less is another statement",
      live: allow({ Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" }),
      missing: 1,
      extra: 1,
    },
    {
      because: "one action more is another statement",
      live: allow({ Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource: "arn:aws:s3:::a/*" }),
      missing: 1,
      extra: 1,
    },
    {
      because: "a condition that nobody reviewed changes what is meant",
      live: allow({
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: "arn:aws:s3:::a/*",
        Condition: { Bool: { "aws:SecureTransport": true } },
      }),
      missing: 1,
      extra: 1,
    },
    {
      because: "what is left open is one thing, not anything",
      live: allow({ Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::b/*" }),
      missing: 1,
      extra: 1,
    },
  ])("$because", ({ live, missing, extra }) => {
    const found = comparePolicies(REVIEWED, policy(live), { Bucket: "arn:aws:s3:::a" });
    expect([found.missing.length, found.extra.length]).toEqual([missing, extra]);
  });

  it("finds out what a name stands for, and holds the rest to it", () => {
    const reviewed = policy(
      allow({ Action: "a:A", Resource: "${X}" }),
      allow({ Action: "a:B", Resource: ["${X}", "${Y}/*"] }),
    );
    const first = allow({ Action: "a:A", Resource: "one" });
    const found = comparePolicies(reviewed, policy(first, allow({ Action: "a:B", Resource: ["two/*", "one"] })));
    expect(found).toMatchObject({ missing: [], extra: [], bindings: { X: "one", Y: "two" } });
    const other = comparePolicies(reviewed, policy(first, allow({ Action: "a:B", Resource: ["two/*", "three"] })));
    expect(other.missing.map(nameOf)).toEqual(["Allow a:b"]);
  });

  it("is read percent-encoded too, as IAM gives it", () => {
    const text = JSON.stringify({ Statement: allow({ Action: "a:A", Resource: "*" }) });
    expect(readPolicy(encodeURIComponent(text))).toEqual(readPolicy(text));
  });
});

describe("what leans on a Region's opt-ins", () => {
  const here = target("444455556666", "eu-west-1");
  const selecting = (spec: object) =>
    leaningsIn(
      here,
      [
        {
          key: { target: here, kind: "selection", name: "p/s" },
          management: { mode: "enforce" },
          adopt: false,
          source: { path: "a.yaml", line: 1, column: 1 },
          want: "present",
          spec,
        },
      ],
      [],
    ).map(({ types }) => types);

  it.each<readonly [because: string, spec: object, types: readonly unknown[]]>([
    ["tags alone", { listOfTags: [{ key: "a", value: "b" }] }, ["every"]],
    ["everything", { resources: ["*"] }, ["every"]],
    ["a service, no type of it", { resources: ["arn:aws:ec2:*"] }, [["EBS", "EC2"]]],
    ["a type by its name is backed up anyway", { resources: ["arn:aws:ec2:*:*:volume/*"] }, []],
    ["one resource is backed up anyway", { resources: ["arn:aws:dynamodb:eu-west-1:1:table/orders"] }, []],
    ["types that share an ARN", { resources: ["arn:aws:rds:*:*:cluster:*"] }, [["Aurora", "DocumentDB", "Neptune"]]],
  ])("%s", (_because, spec, types) => {
    expect(selecting(spec)).toEqual(types);
  });
});
