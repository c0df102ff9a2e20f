import { isUnderWay } from "../domain/jobs.ts";
import { type Envelope, stateOf, textOf } from "./envelope.ts";

/** What AWS Backup is still at, a job or a recovery point: what comes of it, a later event says, and until then no run would find anything. */
const goesOn = (state: string): boolean => isUnderWay(state) || state === "CREATING";

/** Details of things that go on for a while. A plan or a vault that was CREATED is there. */
const TAKES_TIME = /\b(Job|Recovery Point)\b.*\bChange$/;

const CLOUD_TRAIL = "AWS API Call via CloudTrail";

/** What a service did by itself: of AWS Backup the beginnings and ends of jobs, again (AWS Backup Developer Guide, "Logging API calls with CloudTrail"). */
const SERVICE_EVENT = "AWS Service Event via CloudTrail";

/** Why there is nothing to be found where an event comes from; undefined where there may be. What is not known is looked at. */
export function whyNothing(envelope: Envelope): string | undefined {
  const type = envelope["detail-type"];
  if (type === CLOUD_TRAIL) return whyNoWrite(envelope);
  const name = textOf(envelope.detail, "eventName") ?? "";
  if (type === SERVICE_EVENT && name.endsWith("Started"))
    return `it is ${name.slice(0, 64)}: what comes of it, another event says`;
  const state = stateOf(envelope);
  return state !== undefined && TAKES_TIME.test(type) && goesOn(state)
    ? `it is ${state}: what comes of it, another event says`
    : undefined;
}

/** Selections, access policies, tags and legal holds have no events of their own: CloudTrail tells of the calls (semantics §7.2). */
function whyNoWrite({ detail }: Envelope): string | undefined {
  if (textOf(detail, "readOnly") === "true") return "a call that only reads";
  const error = textOf(detail, "errorCode");
  return error === undefined ? undefined : `a call that AWS refused (${error.slice(0, 64)})`;
}
