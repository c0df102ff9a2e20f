/** Faults: what goes wrong around an operation. They wrap the good services; there is no second, bad one. */
import type { Dialect } from "./dialect.ts";
import { ApiError } from "./service.ts";

/** `deny`, `throttle`, `unavailable` and `expired-token` are that service's own errors, given before anything runs.
 * `html` is an answer no model knows. `lose` runs the operation and drops the answer; `hang` never answers and runs nothing;
 * `refuse-connection` fails before the request is sent. `error` is any other error, by its type. */
export type Effect =
  | { readonly kind: "deny" | "throttle" | "unavailable" | "expired-token" | "lose" | "hang" | "refuse-connection" }
  | { readonly kind: "html"; readonly status: number }
  | { readonly kind: "error"; readonly type: string; readonly message?: string; readonly status?: number };

/** What a fault looks at. */
interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Fault {
  readonly effect: Effect;
  readonly service?: string;
  /** Exact, or a prefix ending in `*`. */
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** Input members that must have exactly these values (compared as JSON). */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly when?: (subject: FaultSubject) => boolean;
  /** Only this page of a listing, counting from 1. */
  readonly page?: number;
  /** Matching calls to let pass first. */
  readonly after?: number;
  /** How many calls to disturb; all of them by default. */
  readonly times?: number;
}

export interface Faults {
  /** Returns a function that takes the fault away again. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  /** The effect on this call, if any. Counts the call for every fault it matches; the first that is due decides. */
  readonly effectOn: (subject: FaultSubject) => Effect | undefined;
}

interface Armed {
  readonly fault: Fault;
  seen: number;
  done: number;
}

export function createFaults(): Faults {
  const armed = new Set<Armed>();
  const pages = new Map<string, Page>();
  return {
    add: (fault) => {
      const one = { fault, seen: 0, done: 0 };
      armed.add(one);
      return () => void armed.delete(one);
    },
    clear: () => armed.clear(),
    effectOn: (subject) => {
      if (armed.size === 0) return undefined;
      const page = pageOf(subject, pages);
      let effect: Effect | undefined;
      for (const one of armed) {
        if (!matches(one.fault, subject, page)) continue;
        one.seen += 1;
        const due = one.seen > (one.fault.after ?? 0) && one.done < (one.fault.times ?? Number.POSITIVE_INFINITY);
        if (effect !== undefined || !due) continue;
        one.done += 1;
        effect = one.fault.effect;
      }
      return effect;
    },
  };
}

/** The error a caller is given, for the effects that are errors. */
export function errorOf(effect: Effect, dialect: Dialect, subject: FaultSubject): ApiError | undefined {
  switch (effect.kind) {
    case "deny":
      return dialect.denied(
        `User is not authorized to perform: ${subject.service}:${subject.operation} with an explicit deny in a service control policy`,
      );
    case "throttle":
      return dialect.throttled();
    case "unavailable":
      return dialect.unavailable();
    case "expired-token":
      return dialect.expired();
    case "error":
      return new ApiError(effect.type, effect.message ?? "", {}, effect.status);
    case "html":
    case "lose":
    case "hang":
    case "refuse-connection":
      return undefined;
    default:
      return effect satisfies never;
  }
}

/** Where a listing has got to: the page that was last asked for, and by which token. */
interface Page {
  readonly number: number;
  readonly token: unknown;
}

/** Paging inputs by any of their names; a call without one begins a listing. */
const tokens = ["NextToken", "nextToken", "PaginationToken", "ContinuationToken", "KeyMarker", "Marker"];

/** The same token again is the same page, asked for once more. */
function pageOf(subject: FaultSubject, pages: Map<string, Page>): number {
  const { service, operation, account, region, input } = subject;
  const listing = [service, operation, account, region].join(" ");
  const token = tokens.map((name) => input[name]).find(Boolean);
  const last = pages.get(listing) ?? { number: 1, token: undefined };
  const number = token === undefined ? 1 : token === last.token ? last.number : last.number + 1;
  pages.set(listing, { number, token });
  return number;
}

function matches(fault: Fault, subject: FaultSubject, page: number): boolean {
  const operationMatches =
    fault.operation === undefined ||
    (fault.operation.endsWith("*")
      ? subject.operation.startsWith(fault.operation.slice(0, -1))
      : subject.operation === fault.operation);
  return (
    operationMatches &&
    (fault.service ?? subject.service) === subject.service &&
    (fault.account ?? subject.account) === subject.account &&
    (fault.region ?? subject.region) === subject.region &&
    (fault.page ?? page) === page &&
    Object.entries(fault.input ?? {}).every(
      ([name, value]) => JSON.stringify(subject.input[name]) === JSON.stringify(value),
    ) &&
    (fault.when?.(subject) ?? true)
  );
}
