import { describe, expect, it } from "vitest";
import type { Destination } from "../../controller/domain/notifications.ts";
import { deliver, type Means } from "../../controller/notices/channels.ts";
import { NOTICES } from "../../scripts/generate/notices/example.ts";
import { answering, refuse } from "../kinds/answers.ts";

const TOPIC = { by: "sns", topicArn: "arn:aws:sns:eu-west-1:111122223333:holdfast-on-call" } as const;
const BUS = { by: "eventBus", bus: "holdfast-notices" } as const;

/** What becomes of a notice where AWS answers so, and what it was asked. */
async function delivered(to: Destination, answers: Parameters<typeof answering>[0]) {
  const { call, sent } = answering(answers);
  const posting = { clock: { monotonic: () => 0, sleep: async () => {} }, random: () => 0, deadline: 1, timeoutMs: 1 };
  const means: Means = { call, posting: { ...posting, loopback: false }, now: () => new Date(0) };
  return { delivery: await deliver(NOTICES.opened, to, means), sent };
}

describe("a notice that AWS does not take", () => {
  it.each<[string, Destination, Parameters<typeof answering>[0], RegExp, RegExp]>([
    [
      "is denied",
      TOPIC,
      { "sns:Publish": () => refuse("denied", "sns:Publish") },
      /^sns:Publish: denied/,
      /let .* call/,
    ],
    [
      "has nowhere to go",
      TOPIC,
      { "sns:Publish": () => refuse("missing", "sns:Publish") },
      /missing/,
      /whether it exists/,
    ],
    [
      "is refused alone, in an answer of 200",
      BUS,
      {
        "events:PutEvents": () => ({
          FailedEntryCount: 1,
          Entries: [{ ErrorCode: "InternalFailure", ErrorMessage: "try again" }],
        }),
      },
      /^events:PutEvents: InternalFailure: try again$/,
      /the next run tries again/,
    ],
  ])("because it %s is no delivery, and says what to do", async (_because, to, answers, because, fix) => {
    const { delivery } = await delivered(to, answers);
    expect(delivery).toMatchObject({
      delivered: false,
      because: expect.stringMatching(because) as string,
      fix: expect.stringMatching(fix) as string,
    });
  });

  it("was one entry, that all of a call's may be refused or taken together", async () => {
    const { delivery, sent } = await delivered(BUS, { "events:PutEvents": () => ({ FailedEntryCount: 0 }) });
    expect(delivery).toEqual({ delivered: true });
    expect(sent).toMatchObject([["events:PutEvents", { Entries: [{ EventBusName: BUS.bus, Source: "holdfast" }] }]]);
  });
});
