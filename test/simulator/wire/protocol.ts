/** What the four AWS protocols have in common, seen from a server: find the operation, read its input, write its answer or refusal. */
import type { ApiError } from "../service.ts";
import type { WireReply, WireRequest } from "./message.ts";
import type { Operation } from "./model.ts";

/** A request whose operation is known and whose input can be read (which may throw `SerializationException`). */
export interface Routed {
  readonly operation: Operation;
  readonly readInput: () => Readonly<Record<string, unknown>>;
}

/** Facts of one answer that every protocol puts into headers. */
export interface Stamp {
  readonly requestId: string;
  readonly at: Date;
}

export interface Protocol {
  /** Throws the protocol's own error where no operation answers to the request. */
  readonly route: (request: WireRequest) => Routed;
  readonly answer: (operation: Operation, output: unknown, stamp: Stamp) => WireReply;
  readonly refuse: (error: ApiError, stamp: Stamp, request: WireRequest) => WireReply;
}
