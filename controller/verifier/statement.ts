import { Refused } from "./checks.ts";
import { parseCanonical } from "./json.ts";
import {
  anything,
  instant,
  integer,
  list,
  nullable,
  object,
  oneOf,
  optional,
  sha256Hex,
  table,
  text,
  truth,
  uuid,
  type Of,
} from "./shape.ts";

/** What a report's envelope holds. */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";
const IN_TOTO = "https://in-toto.io/Statement/v1";

/** The forms of statements that a chain is made of. The first form, v0, has no log and no windows, and stays readable for ever. */
const FORMS = {
  "https://holdfast.dev/reconciliation-report/v0": { form: "v0", transition: false },
  "https://holdfast.dev/reconciliation-report/v1": { form: "v1", transition: false },
  "https://holdfast.dev/key-transition/v1": { form: "v1", transition: true },
} as const;
export type Form = "v0" | "v1";

/** Verifiers in Go take no more (sigstore-go); a report with more manifests lists them in an attachment. */
const MOST_SUBJECTS = 1_024;

const Subject = object({ name: optional(text), uri: optional(text), digest: table(text) });
export type Subject = Of<typeof Subject>;

const Pinned = object({ sequence: integer(1), payloadSha256: sha256Hex });
const Pointing = list(object({ manifest: optional(object({ path: text })) }));

const Chain = object({
  id: uuid,
  sequence: integer(1),
  previous: nullable(object({ sequence: integer(1), payloadSha256: sha256Hex, envelopeSha256: sha256Hex })),
  log: optional(object({ size: integer(0), rootHash: sha256Hex })),
  window: optional(object({ from: instant, to: instant })),
  nextDueBefore: optional(instant),
  genesis: optional(
    object({
      reason: text,
      supersedes: optional(
        object({ chainId: uuid, sequence: integer(0), payloadSha256: optional(nullable(sha256Hex)) }),
      ),
    }),
  ),
});

const Source = object({
  uri: text,
  commit: nullable(text),
  tree: text,
  committedOn: optional(nullable(instant)),
  manifestRoot: optional(text),
  commitSignature: optional(object({ format: text, status: text })),
  pack: optional(nullable(object({ sha256: sha256Hex, size: integer(0) }))),
});
export type Source = Of<typeof Source>;

export const AttachmentShape = object({
  name: text,
  mediaType: text,
  size: integer(0),
  digest: object({ sha256: sha256Hex }),
});
export type Attachment = Of<typeof AttachmentShape>;

const Policy = object({ fromSequence: integer(1), threshold: integer(1), keyids: list(sha256Hex) });
const Transition = object({
  reason: text,
  from: list(sha256Hex),
  to: list(object({ keyid: sha256Hex })),
  newPolicy: Policy,
  emergency: optional(truth),
});

/** As much of a report as verifying it takes. What a section says is for readers; that it is all there is for us. */
const Predicate = object({
  schema: text,
  chain: Chain,
  signing: object({
    required: list(sha256Hex),
    keys: list(object({ keyid: sha256Hex, algorithm: text, protection: text })),
  }),
  source: nullable(Source),
  run: object({ id: text, startedOn: instant, finishedOn: instant }),
  result: text,
  summary: table(integer(0)),
  resources: Pointing,
  held: Pointing,
  changes: Pointing,
  carried: table(anything),
  unchanged: optional(object({ since: Pinned, sections: list(text) })),
  /** Of v0: the chain that this one takes the place of. */
  supersedes: optional(object({ chain: uuid, reports: integer(0), reason: text, on: instant })),
  transition: optional(Transition),
  attachments: list(AttachmentShape),
});
export type Predicate = Of<typeof Predicate>;

const Shape = object({
  _type: oneOf(IN_TOTO),
  predicateType: oneOf(...(Object.keys(FORMS) as (keyof typeof FORMS)[])),
  subject: list(Subject),
  predicate: Predicate,
});

/** A statement read. */
export interface Statement {
  readonly form: Form;
  readonly isTransition: boolean;
  readonly subject: readonly Subject[];
  readonly predicate: Predicate;
  /** As it was signed, every member of it. */
  readonly raw: { readonly predicate: Readonly<Record<string, unknown>> };
}

/** Throws `Refused` where the payload is no statement of a form that this verifier knows. */
export function parseStatement(payload: Uint8Array): Statement {
  const value = parseCanonical(payload);
  const { predicateType, subject, predicate } = Shape(value, "");
  const { form, transition } = FORMS[predicateType];
  if (subject.length > MOST_SUBJECTS)
    throw new Refused("subject", `has ${subject.length} subjects, and verifiers take at most ${MOST_SUBJECTS}`);
  assertForm(form, predicate);
  if (transition !== (predicate.transition !== undefined))
    throw new Refused(
      "schema",
      transition ? "is a key transition that says none" : "is a report with a key transition",
    );
  return { form, isTransition: transition, subject, predicate, raw: value as Statement["raw"] };
}

function assertForm(form: Form, { schema, chain, source }: Predicate): void {
  if (form === "v0" ? schema !== "0.1" : !/^1\.\d+$/.test(schema))
    throw new Refused("schema", `says schema ${schema}, which is none of form ${form}`);
  if (form === "v0") return;
  const missing = [
    ...(["log", "window", "nextDueBefore"] as const).filter((name) => chain[name] === undefined),
    ...(source && source.manifestRoot === undefined ? ["manifestRoot"] : []),
  ];
  if (missing.length > 0) throw new Refused("schema", `is of form v1 without ${missing.join(", ")}`);
}
