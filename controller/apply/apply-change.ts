import type { Call } from "../aws/operation.ts";
import type { Change } from "../domain/change.ts";
import { AwsError, type AwsFailure, HoldfastError } from "../domain/errors.ts";
import { instant, type Target } from "../domain/identity.ts";
import type { Outcome, Role, SkipReason } from "../domain/outcome.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import { type Applying, recordingWriter } from "./applying.ts";
import { namingOf, tokenOf } from "./naming.ts";
import { awaitKnown, awaitWanted } from "./read-back.ts";

type Ending =
  | { readonly result: "applied" | "accepted" }
  | { readonly result: "failed"; readonly failure: AwsFailure }
  | { readonly result: "skipped"; readonly because: SkipReason; readonly note?: string };
type Writer = (target: Target, role: Role) => Call;

const APPLIED: Ending = { result: "applied" };

/** Carries out one change. Whatever goes wrong is its outcome, so that no try it made is ever lost to the report (law 10). */
export async function applyChange(change: Change, applying: Applying): Promise<Outcome> {
  const { attempts, writer } = recordingWriter(applying, change.id);
  const ending = await carryOut(change, writer, applying).catch((error: unknown): Ending => {
    if (error instanceof AwsError) return { result: "failed", failure: error.failure };
    if (error instanceof HoldfastError && error.code === "lease-lost")
      return { result: "skipped", because: "lease-lost" };
    return { result: "failed", failure: internalFailure(change, error) };
  });
  return { change, at: instant(applying.clock.now()), attempts, ...ending };
}

async function carryOut(change: Change, writer: Writer, applying: Applying): Promise<Ending> {
  if (change.action === "amend") return amend(change, writer, applying);
  const kind = applying.kinds.find(({ name }) => name === change.key.kind);
  if (!kind) throw new HoldfastError("internal", `a change of kind ${change.key.kind} has no kind to carry it out`);
  switch (change.action) {
    case "create":
      return create(kind, change, writer, applying);
    case "update":
      return update(kind, change, writer, applying);
    case "replace":
      return replace(kind, change, writer, applying);
    case "adopt":
      return adopt(kind, change, writer, applying);
    case "prune":
      return prune(kind, change, writer);
    default:
      return change satisfies never;
  }
}

const internalFailure = (change: Change, error: unknown): AwsFailure => ({
  kind: "invalid",
  operation: `${change.action} ${change.key.kind}`,
  message: error instanceof Error ? error.message : String(error),
  code: error instanceof HoldfastError ? error.code : "internal",
});

type Doing<A extends Change["action"]> = Extract<Change, { action: A }>;

async function create(
  kind: DeclaredKind,
  change: Doing<"create">,
  writer: Writer,
  applying: Applying,
): Promise<Ending> {
  const step = granted(kind, "create", kind.create);
  const { desired, key } = change;
  try {
    await step.run(
      writer(key.target, step.role),
      key.target,
      desired,
      namingOf(applying.fleetName, key, applying.reportSequence),
    );
    return APPLIED;
  } catch (error) {
    return recognise(error, ["exists", "unanswered"], kind, change, applying);
  }
}

async function update(
  kind: DeclaredKind,
  change: Doing<"update" | "replace">,
  writer: Writer,
  applying: Applying,
): Promise<Ending> {
  const step = granted(kind, "update", kind.update);
  const { desired, live, fields, key } = change;
  try {
    const naming = namingOf(applying.fleetName, key, applying.reportSequence);
    const result = await step.run(writer(key.target, step.role), key.target, desired, live, fields, naming);
    return result === "updated" ? APPLIED : { result: "skipped", because: "moved" };
  } catch (error) {
    return recognise(error, ["unanswered"], kind, change, applying);
  }
}

/** A write that got no answer, or "exists" for one, may be our own success: look, and never send it again (semantics §10.8). */
async function recognise(
  error: unknown,
  kinds: readonly AwsFailure["kind"][],
  kind: DeclaredKind,
  change: Doing<"create" | "update" | "replace">,
  applying: Applying,
): Promise<Ending> {
  if (!(error instanceof AwsError) || !kinds.includes(error.failure.kind)) throw error;
  const found = await awaitKnown(kind, change.desired, applying);
  return found.as === "wanted" ? APPLIED : { result: "failed", failure: error.failure };
}

/** Makes the new one, sees it in place, and only then removes the old: at no moment is there neither (law 6). */
async function replace(
  kind: DeclaredKind,
  change: Doing<"update" | "replace">,
  writer: Writer,
  applying: Applying,
): Promise<Ending> {
  const { key, desired, live } = change;
  const make = granted(kind, "create", kind.create);
  const naming = namingOf(applying.fleetName, key, applying.reportSequence);
  try {
    await make.run(writer(key.target, make.role), key.target, desired, naming);
  } catch (error) {
    const ending = await recognise(error, ["exists", "unanswered"], kind, change, applying);
    if (ending.result !== "applied") return ending;
  }
  const found = await awaitWanted(kind, desired, [live], applying);
  if (found.as !== "wanted")
    return { result: "failed", failure: found.as === "unknown" ? found.failure : notSeen(kind.name) };
  const remove = granted(kind, "remove", kind.remove);
  await remove.run(writer(key.target, remove.role), key.target, live);
  return APPLIED;
}

const notSeen = (kind: string): AwsFailure => ({
  kind: "conflict",
  operation: `read back ${kind}`,
  message: "the replacement does not show yet, so the old one stays; the next run goes on from here",
});

/** Where AWS has no tags there is nothing to write: the id is carried in the signed report instead (rule 19). */
async function adopt(kind: DeclaredKind, change: Doing<"adopt">, writer: Writer, applying: Applying): Promise<Ending> {
  const { key, desired, live } = change;
  if (!kind.adopt) return APPLIED;
  await kind.adopt.run(
    writer(key.target, kind.adopt.role),
    key.target,
    desired,
    live,
    namingOf(applying.fleetName, key, applying.reportSequence),
  );
  return APPLIED;
}

async function prune(kind: DeclaredKind, { key, live }: Doing<"prune">, writer: Writer): Promise<Ending> {
  const step = granted(kind, "remove", kind.remove);
  await step.run(writer(key.target, step.role), key.target, live);
  return APPLIED;
}

/** Before anything destructive the lease is read again: AWS cannot fence (rule 22). */
async function amend(change: Doing<"amend">, writer: Writer, applying: Applying): Promise<Ending> {
  const { key, finding } = change;
  const { governed, world, clock, lease, fleetName, reportSequence } = applying;
  const step = governed.find(({ name }) => name === key.kind)?.apply[finding.mend?.step ?? ""];
  if (!step) throw new HoldfastError("internal", `a finding of kind ${key.kind} names no step that could mend it`);
  if (change.effect === "destroys") await lease.confirm();
  const result = await step.run(writer(key.target, step.role), key.target, finding, {
    token: tokenOf(fleetName, change.id, reportSequence),
    now: clock.now(),
    run: applying.run,
    elsewhere: (target) => world.reader(target),
  });
  if (result === "updated") return APPLIED;
  return result === "accepted" ? { result } : { result: "skipped", because: "moved", note: result.held };
}

function granted<T>(kind: DeclaredKind, name: string, step: T | undefined): T {
  if (step === undefined) throw new HoldfastError("internal", `${kind.name} declares no step to ${name}`);
  return step;
}
