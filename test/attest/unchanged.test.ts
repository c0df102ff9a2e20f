import { describe, expect, it } from "vitest";
import { filledIn, handedOn, shortened } from "../../controller/attest/report/unchanged.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import type { Report, ReportBody } from "../../controller/domain/report.ts";
import { at, bodyOf } from "./fixture.ts";

const breach = (table: string): ReportBody["jobs"]["rpoBreaches"][number] => ({
  arn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${table}`,
  type: "DynamoDB",
  policy: "every-day",
  rpoSeconds: 86_400,
  lastGoodOn: null,
});
const bodyWith = (rpoBreaches: ReportBody["jobs"]["rpoBreaches"]): ReportBody => {
  const body = bodyOf("run-1", 0);
  return { ...body, jobs: { ...body.jobs, rpoBreaches } };
};

/** The report of a run an hour after one that told of `orders`. */
const after = (rpoBreaches: ReportBody["jobs"]["rpoBreaches"]) => {
  const full = shortened(bodyWith([breach("orders")]), 1, new Date(at(0)));
  const carried = handedOn(full.carried, digestOf("the first"));
  return { full, next: shortened({ ...bodyWith(rpoBreaches), carried }, 2, new Date(at(60))) };
};

describe("a breach of a recovery point objective", () => {
  it("that goes on is named by the report that tells it, and is there for who looks", () => {
    const { full, next } = after([breach("orders")]);
    expect(next.unchanged).toEqual({
      since: { sequence: 1, payloadSha256: digestOf("the first") },
      sections: ["jobs.rpoBreaches"],
    });
    expect(next.jobs.rpoBreaches).toEqual([]);
    expect(filledIn(next as Report, full).jobs.rpoBreaches).toEqual([breach("orders")]);
  });

  it.each([
    { what: "is another", now: [breach("orders"), breach("customers")] },
    { what: "is over", now: [] },
  ])("that $what is told in full", ({ now }) => {
    const { next } = after(now);
    expect([next.unchanged, next.jobs.rpoBreaches]).toEqual([undefined, now]);
  });
});
