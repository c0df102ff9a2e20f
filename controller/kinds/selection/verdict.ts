import type { TagTest } from "./conditions.ts";

/** What names a resource in a selection: a pattern of its resources, or a tag of its list. */
export type Naming =
  | { readonly by: "pattern"; readonly pattern: string }
  | { readonly by: "tag"; readonly key: string; readonly value: string };

/** What keeps a resource out of a selection. */
export type Bar =
  | { readonly why: "unsupported" }
  | { readonly why: "unnamed" }
  | { readonly why: "excluded"; readonly pattern: string }
  | { readonly why: "condition"; readonly test: TagTest; readonly found?: string }
  | { readonly why: "restore-test" }
  /** Only what follows the opt-in names it, and the Region has not opted in to any of these types, one of which it is. */
  | { readonly why: "opt-in"; readonly types: readonly string[] };

/** Why nobody can tell. */
export type Doubt =
  | { readonly why: "tags-unread" }
  | { readonly why: "opt-ins-unread" }
  /** The type is one of these, and the Region has not opted in to all of them; or a listing of opt-ins has none of them. */
  | { readonly why: "opt-in-unclear"; readonly types: readonly string[] }
  /** AWS does not say whether the pattern matches, or whether it goes before the opt-in (semantics §3.3, §3.4). */
  | { readonly why: "pattern-unclear"; readonly pattern: string }
  /** AWS wants `aws:ResourceTag/` before a condition's key and none before a listed tag's, and does not say what the other form does. */
  | { readonly why: "key-unclear"; readonly key: string }
  /** Neither resources nor tags: AWS documents that everything is taken in, and refuses to make such a selection (semantics §3.2). */
  | { readonly why: "names-nothing" };

/** Whether a selection takes a resource in when its plan runs. */
export type Verdict =
  | { readonly taken: "yes"; readonly because: Naming }
  | { readonly taken: "no"; readonly because: Bar }
  | { readonly taken: "unknown"; readonly because: Doubt };
