/** What one durable execution may take (Lambda Developer Guide, "Lambda quotas", durable functions). None of it can be raised. */
export interface Quotas {
  readonly operations: number;
  /** Over all that is checkpointed, invoked functions' answers and the input included. */
  readonly bytesWritten: number;
  /** Of one operation: its result, its error or what it hands to a function. */
  readonly bytesOfPayload: number;
}

/** A payload of 256 KB is the SDK's own figure (262,144); of the 100 MB the smaller reading is taken. */
export const QUOTAS: Quotas = { operations: 3000, bytesWritten: 100_000_000, bytesOfPayload: 256 * 1024 };

/** What an execution has taken so far. */
export interface Metered {
  /**
   * As AWS meters them: the execution, each step and each further try of it, each wait, each invoke, and each context that is checkpointed:
   * a FLAT map is one, a NESTED one is one more for each item.
   */
  readonly operations: number;
  readonly bytesWritten: number;
}

/** What is over a quota, in words; empty where nothing is. */
export const overQuota = ({ operations, bytesWritten }: Metered, quotas: Quotas): readonly string[] => [
  ...(operations > quotas.operations ? [`${operations} operations, of ${quotas.operations}`] : []),
  ...(bytesWritten > quotas.bytesWritten ? [`${bytesWritten} bytes written, of ${quotas.bytesWritten}`] : []),
];
