import type { OperationUpdate } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import {
  answer,
  checkpoint,
  checkToken,
  metered,
  newExecution,
  nextDue,
  nextToken,
  settle,
  visible,
} from "./execution.ts";
import { QUOTAS } from "./quotas.ts";

const NOW = new Date("2026-03-01T05:00:00Z");
const WORKER = "arn:aws:lambda:eu-west-1:111122223333:function:worker:live";

const started = () => newExecution("arn", "{}", NOW);
const step = (Id: string, Action: OperationUpdate["Action"], more: object = {}): OperationUpdate => ({
  Id,
  Type: "STEP",
  Action,
  ...more,
});
const statuses = (execution: ReturnType<typeof started>) =>
  Object.fromEntries([...execution.operations].slice(1).map(([id, { Status }]) => [id, Status]));

describe("a checkpoint", () => {
  it.each<[string, readonly OperationUpdate[], string]>([
    ["moves what has ended", [step("a", "SUCCEED"), step("a", "FAIL")], "SUCCEEDED: it takes no FAIL"],
    ["begins what has begun", [step("a", "START"), step("a", "START")], "has begun"],
    ["begins a step before its next try is due", [step("a", "RETRY"), step("a", "START")], "PENDING"],
    ["ends a wait", [step("a", "START", { Type: "WAIT" }), step("a", "SUCCEED", { Type: "WAIT" })], "by a checkpoint"],
    ["tries a context again", [step("a", "RETRY", { Type: "CONTEXT" })], "is no step"],
    ["makes one type another", [step("a", "START"), step("a", "SUCCEED", { Type: "CONTEXT" })], "not CONTEXT"],
    ["makes a callback", [step("a", "START", { Type: "CALLBACK" })], "not simulated"],
    ["invokes whatever was deployed last", [step("a", "START", { Type: "CHAINED_INVOKE" })], "no version and no alias"],
    ["has no id", [{ Type: "STEP", Action: "START" } as OperationUpdate], "has an id"],
  ])("is refused where it %s", (_which, updates, says) => {
    expect(() => checkpoint(started(), updates, NOW)).toThrow(says);
  });

  it("is refused whole: what came before in it is not kept", () => {
    const execution = started();
    const before = structuredClone(execution);
    expect(() => checkpoint(execution, [step("a", "START"), step("b", "CANCEL")], NOW)).toThrow("not simulated");
    const invoke = step("b", "START", { Type: "CHAINED_INVOKE" });
    expect(() => checkpoint(execution, [step("a", "START"), invoke], NOW)).toThrow("no version");
    const quotas = { ...QUOTAS, operations: 2 };
    expect(() => checkpoint(execution, [step("a", "START"), step("b", "START")], NOW, quotas)).toThrow("3 operations");
    expect(execution).toEqual(before);
  });

  it("takes only the token that was given out last", () => {
    const execution = started();
    const [first, second] = [nextToken(execution), nextToken(execution)];
    expect(() => checkToken(execution, first)).toThrow("Invalid Checkpoint Token");
    expect(() => checkToken(execution, second)).not.toThrow();
  });

  it("tells once what ended meanwhile", () => {
    const execution = started();
    const ChainedInvokeOptions = { FunctionName: WORKER };
    checkpoint(execution, [step("a", "START", { Type: "CHAINED_INVOKE", ChainedInvokeOptions })], NOW);
    answer(execution, "a", { result: "1" }, NOW);
    answer(execution, "a", { result: "2" }, NOW);
    const told = checkpoint(execution, [], NOW);
    expect(told).toMatchObject([{ Id: "a", Status: "SUCCEEDED", ChainedInvokeDetails: { Result: "1" } }]);
    expect(checkpoint(execution, [], NOW)).toEqual([]);
  });
});

describe("time", () => {
  it("ends waits and lets steps be tried again, whichever is due first", () => {
    const execution = started();
    const retry = step("retry", "RETRY", { StepOptions: { NextAttemptDelaySeconds: 60 } });
    checkpoint(execution, [retry, step("wait", "START", { Type: "WAIT", WaitOptions: { WaitSeconds: 5 } })], NOW);
    const due: string[] = [];
    for (let next = nextDue(execution); next !== undefined; next = nextDue(execution)) {
      due.push(`${next.id} at ${next.at.toISOString()}`);
      settle(execution, next.id, next.at);
    }
    expect(due).toEqual(["wait at 2026-03-01T05:00:05.000Z", "retry at 2026-03-01T05:01:00.000Z"]);
    expect(statuses(execution)).toEqual({ retry: "READY", wait: "SUCCEEDED" });
    expect(metered(execution).operations).toBe(4); // the execution, the step, its second try, the wait
  });
});

describe("what a function is told when it is called anew", () => {
  const within = (ParentId: string, Id: string, Type: OperationUpdate["Type"], more: object = {}): OperationUpdate =>
    step(Id, "SUCCEED", { ParentId, Type, ...more });

  it.each([
    [false, ["execution", "outer"]],
    [true, ["execution", "outer", "inner", "deepest"]],
  ])("leaves out what lies in contexts that ended, unless it is to be replayed (%s)", (ReplayChildren, ids) => {
    const execution = started();
    const ContextOptions = { ReplayChildren };
    checkpoint(
      execution,
      [
        step("outer", "SUCCEED", { Type: "CONTEXT", ContextOptions }),
        within("outer", "inner", "CONTEXT", { ContextOptions: { ReplayChildren: true } }),
        within("inner", "deepest", "STEP"),
      ],
      NOW,
    );
    expect(visible(execution).map(({ Id }) => Id)).toEqual(ids);
    expect(metered(execution).operations).toBe(4);
  });
});
