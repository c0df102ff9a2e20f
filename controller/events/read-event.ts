import { AccountId, Region } from "../domain/identity.ts";
import { type Envelope as Enveloped, Envelope, stateOf, textOf } from "./envelope.ts";
import { targetsOf } from "./places.ts";
import type { BackupEvent, Reading, RefusalReason } from "./reading.ts";
import { whyNothing } from "./why-nothing.ts";

/** Reads an event as EventBridge put it into the queue. Never throws, whatever the text is. */
export function readEvent(text: string): Reading {
  const json = parsed(text);
  if (json === undefined) return refused("not-json", "the message is no JSON");
  const envelope = Envelope.safeParse(json).data;
  if (!envelope)
    return refused("not-an-event", "the message is JSON, and no event: it has no source or no detail-type");
  if (envelope.source !== "aws.backup")
    return refused("not-from-backup", `the event is from ${shown(envelope.source)}, and not from aws.backup`);
  const account = AccountId.safeParse(envelope.account).data;
  if (!account)
    return refused("no-account", `the event's account ${shown(envelope.account)} is none: an account id is 12 digits`);
  const region = Region.safeParse(envelope.region).data;
  if (!region) return refused("no-region", `the event's region ${shown(envelope.region)} is none`);
  const event = eventOf(envelope, { account, region });
  const because = whyNothing(envelope);
  return because === undefined ? { says: "look", event } : { says: "nothing", event, because };
}

const refused = (reason: RefusalReason, because: string): Reading => ({ says: "refused", reason, because });

/** As much of a foreign text as a line of a log takes. */
const shown = (text: string | undefined): string => JSON.stringify((text ?? "").slice(0, 64));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const eventOf = (envelope: Enveloped, home: BackupEvent["targets"][number]): BackupEvent => ({
  id: [envelope["detail-type"], objectOf(envelope), stateOf(envelope) ?? "-"].join(" "),
  detailType: envelope["detail-type"],
  targets: targetsOf(envelope, home),
});

/** What AWS calls the thing that an event is about. A copy job has no id yet in the event of its creation (semantics §7.2). */
const IDS = [
  "backupJobId",
  "copyJobId",
  "restoreJobId",
  "scanJobId",
  "recoveryPointArn",
  "backupPlanId",
  "eventID", // CloudTrail's
] as const;

function objectOf({ detail, resources, id }: Enveloped): string {
  const [named] = IDS.flatMap((name) => textOf(detail, name) ?? []);
  const resource = resources.find((one) => typeof one === "string");
  return named ?? resource ?? textOf(detail, "backupVaultName") ?? id ?? "-";
}
