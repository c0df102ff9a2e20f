import type { Bar, Finding } from "../../../domain/change.ts";
import { AwsError, type AwsFailure } from "../../../domain/errors.ts";
import type { DestructionInput, ProvenCopy } from "../mend/destruction-input.ts";
import type { ExamineCall } from "./examine.ts";
import type { ExamineContext } from "../../kind.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import { enabledKeys, type KeyCall, keyState } from "./keys.ts";
import { heldPoints } from "./legal-holds.ts";
import { listTagged, type Tagged } from "../../tagged.ts";
import { KEEP_TAG } from "./marks.ts";
import { inputOf } from "./missing.ts";
import { obstaclesIn } from "./obstacles.ts";

/** What forbids each destruction: holds, keep marks, being the last, what AWS would stumble over (rules 1, 9, 10, 12). */
export async function examineDestructions(
  call: ExamineCall,
  findings: readonly Finding[],
  context: Pick<ExamineContext<RecoveryPointRuleSpec>, "now" | "elsewhere">,
): Promise<{ readonly examined: ReadonlyMap<Finding, Finding>; readonly forbids?: AwsFailure }> {
  const doomed = findings.flatMap((finding) => {
    const input = inputOf(finding);
    return input ? [{ finding, input }] : [];
  });
  if (doomed.length === 0) return { examined: new Map() };
  const held = await readHolds(call, new Set(doomed.map(({ input }) => input.arn)));
  const kept = await listTagged(call, KEEP_TAG);
  const keys = new Set(doomed.flatMap(({ input }) => input.newer.flatMap(({ keyArn }) => keyArn ?? [])));
  const enabled = await enabledKeys(call, keys);
  const obstacleTo = obstaclesIn(call);
  const examined = new Map<Finding, Finding>();
  for (const { finding, input } of doomed) {
    const left = { ...input, newer: input.newer.filter((one) => survives(one, input, enabled, context.now)) };
    const last = lastBar(left);
    const stale = await copyKeyBars(input, context);
    const obstacle = finding.mend?.step === "delete" ? await obstacleTo(input) : undefined;
    const bars = [...finding.bars, last, ...stale, heldBar(held, input.arn), keptBar(kept, input.arn), obstacle].filter(
      (bar) => bar !== undefined,
    );
    examined.set(finding, withInput({ ...finding, bars }, left, last !== undefined));
  }
  return { examined, ...("failure" in held ? { forbids: held.failure } : {}) };
}

/** A copy under a key that is not at work restores nothing, whatever the others do. */
async function copyKeyBars(
  { proof }: DestructionInput,
  { elsewhere }: Pick<ExamineContext<RecoveryPointRuleSpec>, "elsewhere">,
): Promise<readonly (Bar | undefined)[]> {
  if (proof?.of !== "copies") return [];
  const bars: (Bar | undefined)[] = [];
  for (const copy of proof.copies) bars.push(await copyKeyBar(copy, elsewhere));
  return bars;
}

async function copyKeyBar(
  { target, keyArn }: ProvenCopy,
  elsewhere: ExamineContext<RecoveryPointRuleSpec>["elsewhere"],
): Promise<Bar | undefined> {
  if (keyArn === null) return undefined;
  const state = await keyState(elsewhere(target) as KeyCall | undefined, keyArn);
  if (typeof state === "object") return unknownBar(`the key ${keyArn} of its copy could not be looked at`, state);
  return state === "Enabled"
    ? undefined
    : {
        reason: "not-proven",
        because: `the key ${keyArn} of its copy is ${state}`,
        release: "an enabled key, or a copy under one",
      };
}

type Newer = DestructionInput["newer"][number];

/** A survivor must not be about to go by itself: with it the resource would have nothing left. Milliseconds. */
const SOON_MS = 86_400_000;

/** Whether a newer point can stand in for one that goes. Of a resource that is gone nothing newer will come: there it must have no end of its own either. */
const survives = (
  { keyArn, deleteOn, status }: Newer,
  { proof }: DestructionInput,
  enabled: ReadonlySet<string>,
  now: Date,
): boolean =>
  (keyArn === null || enabled.has(keyArn)) &&
  (status === "EXPIRED" || deleteOn === null || (proof?.of !== "resource" && deleteOn - now.getTime() > SOON_MS));

/** Never the last (rule 1): enough newer points must be left of which it is known that they can be restored. */
const lastBar = ({ arn, newest, newer, keepLast }: DestructionInput): Bar | undefined =>
  arn === newest || newer.length < keepLast
    ? {
        reason: "last-point",
        because:
          arn === newest
            ? "it is the newest restorable point of its resource"
            : `of the newer points of its resource ${newer.length} are known to be restorable and to stay, and ${keepLast} must be left`,
        release: `a newer restorable recovery point of the same resource, or an Approval that names ${arn} under lastPoints`,
      }
    : undefined;

async function readHolds(
  call: ExamineCall,
  arns: ReadonlySet<string>,
): Promise<ReadonlySet<string> | { readonly failure: AwsFailure }> {
  try {
    return await heldPoints(call, arns);
  } catch (error) {
    if (error instanceof AwsError) return { failure: error.failure };
    throw error;
  }
}

const unknownBar = (what: string, { operation, message }: AwsFailure): Bar => ({
  reason: "unknown-state",
  because: `${what}: ${operation}: ${message}`,
  release: "leave to read them: nothing is destroyed where nobody can tell",
});

const heldBar = (held: ReadonlySet<string> | { readonly failure: AwsFailure }, arn: string): Bar | undefined =>
  "failure" in held
    ? unknownBar("legal holds could not be listed", held.failure)
    : held.has(arn)
      ? { reason: "legal-hold", because: "it is under a legal hold", release: "the legal hold's cancellation" }
      : undefined;

const keptBar = (kept: Tagged, arn: string): Bar | undefined =>
  "failure" in kept
    ? unknownBar("keep marks could not be listed", kept.failure)
    : kept.has(arn)
      ? { reason: "kept", because: `it bears the tag ${KEEP_TAG}`, release: `remove the tag ${KEEP_TAG}` }
      : undefined;

/** The finding with what will be left of its resource, as it will be looked up again. */
function withInput(finding: Finding, input: DestructionInput, last: boolean): Finding {
  const { mend } = finding;
  if (!mend?.destruction) return finding;
  const given = mend.input;
  const nested = typeof given === "object" && given !== null && "destruction" in given;
  return {
    ...finding,
    mend: {
      ...mend,
      input: nested ? { ...given, destruction: input } : input,
      destruction: { ...mend.destruction, last },
    },
  };
}
