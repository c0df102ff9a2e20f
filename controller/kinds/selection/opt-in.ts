/** Whether something is so, is not, or cannot be told. */
export type Answer = "yes" | "no" | "unknown";

/** `*`, and a service with whatever it has. */
const FOLLOWS = /^(?:\*|arn:(?:[^:]+:){0,2}\*|arn:[^:]+:(?!s3:)[^:]+:[^:]*:[^:]*:\*)$/;

/**
 * Whether a pattern takes a resource in even where the Region has not opted in to its type: one that names the type or the very
 * resource does, a service's or `*` does not (semantics §3.4). Of what names half a type, and of all buckets, whose ARNs have no
 * type to be named, AWS does not say.
 */
export function passesOptIn(pattern: string): Answer {
  if (FOLLOWS.test(pattern)) return "no";
  const [, , service, , , resource] = pattern.split(":", 6);
  if (resource === undefined) return "unknown";
  const names = service === "s3" ? !resource.startsWith("*") : /^[^*/]+(\/|$)/.test(resource);
  return names ? "yes" : "unknown";
}

/**
 * Whether several types share the form of a resource's ARN. Naming it does not name the type then, and that type's own opt-in is
 * needed (Developer Guide, "Shared resource types"). The guide shows clusters of databases and FSx's file systems; FSx's volumes it
 * does not mention.
 */
export function sharesForm(arn: string): Answer {
  if (SHARED.test(arn)) return "yes";
  return UNTOLD.test(arn) ? "unknown" : "no";
}

const SHARED = /^arn:[^:]*:(rds:[^:]*:[^:]*:cluster:|fsx:[^:]*:[^:]*:file-system\/)/;
const UNTOLD = /^arn:[^:]*:fsx:/;
