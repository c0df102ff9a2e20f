import * as z from "zod";
import { SEVERITIES } from "./concern.ts";
import { WEEKDAYS } from "./weekdays.ts";

/** Where a route leads. What is secret is named here and kept in Secrets Manager. */
export const Destination = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("sns"), topicArn: z.string() }),
  z.strictObject({ by: z.literal("eventBus"), bus: z.string() }),
  z.strictObject({ by: z.literal("slack"), secret: z.string() }),
  z.strictObject({ by: z.literal("teams"), secret: z.string() }),
  /** `secret`: the key that requests are signed with. */
  z.strictObject({ by: z.literal("webhook"), url: z.string(), secret: z.string() }),
]);
export type Destination = z.infer<typeof Destination>;

export const MODES = ["failures", "everything", "digest"] as const;

/** Who is told of which concerns, how and when. Times of day are HH:MM on the wall clocks of an IANA zone. */
export const Route = z.strictObject({
  name: z.string(),
  to: Destination,
  /** failures: what is critical or high. everything: notices too, and on an event bus every run. digest: nothing but the digest. */
  mode: z.enum(MODES),
  /** Every member given must fit. */
  only: z.strictObject({
    severities: z.array(z.enum(SEVERITIES)).exactOptional(),
    causes: z.array(z.string()).exactOptional(),
    /** As `showTarget` writes them. */
    targets: z.array(z.string()).exactOptional(),
    owners: z.array(z.string()).exactOptional(),
  }),
  /** Absent: at any time. What they hold is sent once they are over. */
  quietHours: z
    .strictObject({
      timeZone: z.string(),
      days: z.array(z.enum(WEEKDAYS)),
      from: z.string(),
      to: z.string(),
      holds: z.enum(["all-but-critical", "everything"]),
    })
    .exactOptional(),
  /** What stands open, once a day. */
  digest: z.strictObject({ at: z.string(), timeZone: z.string() }).exactOptional(),
  /** Days after which what still stands open is told again. */
  remindAfterDays: z.int(),
});
export type Route = z.infer<typeof Route>;

/** A fleet's routes. One that is named under an owner is for the concerns of its owners alone. */
export const Notifications = z.strictObject({
  routes: z.array(Route),
  /** Names of routes by the value of the tag that names an owner. */
  owners: z.record(z.string(), z.array(z.string())),
});
export type Notifications = z.infer<typeof Notifications>;
