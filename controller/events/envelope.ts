import * as z from "zod";

/** A text, where AWS says one: `{}` and null stand for "none", and what should be a text may be a number or a truth value (semantics §10.7). */
const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String).optional().catch(undefined);

/**
 * An event as EventBridge wraps it. Of the detail only members are read by which one thing is told from another and its state known; in
 * whatever spelling, for that of AWS changed over the years.
 */
export const Envelope = z.object({
  id: Text,
  "detail-type": z.string(),
  source: z.string(),
  account: Text,
  region: Text,
  resources: z.array(z.unknown()).catch([]),
  detail: z.record(z.string(), z.unknown()).catch({}),
});
export type Envelope = z.infer<typeof Envelope>;

/** A member of an event's detail as text; undefined of none. */
export const textOf = (detail: Envelope["detail"], name: string): string | undefined => {
  const text = Text.parse(detail[name]);
  return text === "" ? undefined : text;
};

/** `status` in events of restore jobs and recovery points, `indexStatus` in those of an index, `state` in all others. */
export const stateOf = ({ detail }: Pick<Envelope, "detail">): string | undefined =>
  textOf(detail, "state") ?? textOf(detail, "status") ?? textOf(detail, "indexStatus");
