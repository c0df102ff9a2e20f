import type { BackupRule } from "@aws-sdk/client-backup";
import type {
  BackupJob,
  CopyJob,
  LegalHold,
  Plan,
  PlanVersion,
  RecoveryPoint,
  RestoreJob,
  RestoreTestingPlan,
  Vault,
} from "./state.ts";

/** What will happen by the clock in one account and Region. Whoever carries it out checks that it still applies: nothing is ever taken off. */
export type Event =
  | { readonly what: "vault-ready"; readonly vault: Vault }
  | { readonly what: "rule-due"; readonly plan: Plan; readonly version: PlanVersion; readonly rule: BackupRule }
  | { readonly what: "backup-step"; readonly job: BackupJob }
  | { readonly what: "copy-step"; readonly job: CopyJob }
  | { readonly what: "tests-due"; readonly plan: RestoreTestingPlan; readonly version: number }
  | { readonly what: "restore-step" | "validation-over" | "restored-removal"; readonly job: RestoreJob }
  | { readonly what: "backup-forgotten" | "copy-forgotten" | "restore-forgotten"; readonly id: string }
  | { readonly what: "hold-step"; readonly hold: LegalHold }
  | { readonly what: "point-due" | "point-expiry"; readonly point: RecoveryPoint }
  | { readonly what: "point-removal"; readonly point: RecoveryPoint; readonly by: "lifecycle" | "request" };

interface Entry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly order: number;
  readonly event: Event;
}

/** A binary heap by time, then by order of entry. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #entered = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next event is due, in milliseconds since the epoch. */
  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: Date, event: Event): void {
    const heap = this.#heap;
    const entry: Entry = { at: at.getTime(), order: (this.#entered += 1), event };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!before(entry, heap[parent])) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  /** Takes the next event if it is due by `at`. */
  take(at: Date): Event | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > at.getTime()) return undefined;
    const last = this.#heap.pop()!;
    if (last !== first) this.#sink(last);
    return first.event;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = before(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!before(heap[child], entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function before(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order);
}
