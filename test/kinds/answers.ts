import type { AnyOperation, Call } from "../../controller/aws/operation.ts";
import { AwsError, type FailureKind } from "../../controller/domain/errors.ts";
import { instant, Target } from "../../controller/domain/identity.ts";
import type { FleetView } from "../../controller/domain/judging.ts";
import type { Wanted } from "../../controller/domain/desired.ts";
import type { Live, Unread } from "../../controller/domain/live.ts";

export const target = Target.parse({ account: "444455556666", region: "eu-west-1" });
export const central = Target.parse({ account: "777788889999", region: "eu-central-1" });
export const source = { path: "backup.yaml", line: 1, column: 1 };

/** A caller over hand-written answers, for answers no well-behaved service would give. `sent` names what was asked, in order. */
export function answering(answers: Readonly<Record<string, (input: never) => unknown>>) {
  const sent: (readonly [string, unknown])[] = [];
  const call = (async (operation: AnyOperation, input: never) => {
    const name = operation.name.replace("backup:", "");
    sent.push([name, input]);
    const answer = answers[name];
    if (!answer) throw new Error(`nobody expected ${name}`);
    return answer(input);
  }) as Call;
  return { call, sent, names: () => sent.map(([name]) => name) };
}

export function refuse(kind: FailureKind, operation = "backup:Something"): never {
  throw new AwsError({ kind, operation, message: kind });
}

export const wantedOf = <Spec>(kind: string, name: string, spec: Spec, at = target): Wanted<Spec> => ({
  key: { target: at, kind, name },
  want: "present",
  spec,
  management: { mode: "enforce" },
  adopt: false,
  source,
});

export const liveOf = <State>(kind: string, name: string, state: State, at = target): Live<State> => ({
  key: { target: at, kind, name },
  id: `${kind}:${name}`,
  state,
  ownership: "ours",
});

const AT = instant(new Date("2026-03-01T05:00:00Z"));

interface Sight {
  readonly wanted?: readonly Wanted[];
  readonly live?: readonly Live[];
  /** Kinds whose listings are not whole. */
  readonly incomplete?: readonly string[];
}

export const viewOf = ({ wanted = [], live = [], incomplete = [] }: Sight): FleetView => ({
  wanted: (kind) => wanted.filter(({ key }) => key.kind === kind),
  live: (kind) => live.filter(({ key }) => key.kind === kind),
  complete: (kind) => !incomplete.includes(kind),
  listing: (kind, target) => {
    const part = { target, kind, items: live.filter(({ key }) => key.kind === kind), unread: [], at: AT };
    return incomplete.includes(kind)
      ? { ...part, status: "incomplete", failure: { kind: "denied", operation: kind, message: "denied" } }
      : { ...part, status: "complete" };
  },
});

export const isUnread = (item: Live | Unread): item is Unread => "unread" in item;
