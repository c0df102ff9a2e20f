import { createHash } from "node:crypto";
import type { Answer, Ask, Question } from "../serve.ts";

/**
 * The simulator's own answers, each rendered once and kept, so that what is measured is who reads them. Nothing in the scene changes
 * while it is read, but for what a run writes to S3: that is never kept.
 */
export class KeptAnswers {
  readonly #answers = new Map<string, Answer>();
  readonly #asked = new Map<string, number>();

  async answer(question: Question, ask: Ask): Promise<Answer> {
    const service = serviceOf(question);
    if (UNKEPT.has(service)) return ask(question);
    const operation = `${service}:${operationOf(question)}`;
    const digest = createHash("sha256").update(question.url).update("\n").update(question.body).digest("base64");
    const key = `${operation}\n${digest}`;
    this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    const known = this.#answers.get(key);
    if (known) return known;
    const fresh = await ask(question);
    this.#answers.set(key, fresh);
    return fresh;
  }

  /** What was asked since this was last told. */
  told(): Asked {
    const asked = [...this.#asked];
    this.#asked.clear();
    const calls: Record<string, number> = {};
    for (const [key, times] of asked) {
      const operation = key.slice(0, key.indexOf("\n"));
      calls[operation] = (calls[operation] ?? 0) + times;
    }
    const again = asked.flatMap(([key, times]) => (times > 1 ? [key.slice(0, key.indexOf("\n"))] : []));
    return { calls, again };
  }
}

/** What was asked of an account. */
export interface Asked {
  /** By service and operation or, where it is asked for by a path, that. */
  readonly calls: Readonly<Record<string, number>>;
  /** Which of them were asked more than once, to the letter. */
  readonly again: readonly string[];
}

const UNKEPT: ReadonlySet<string> = new Set(["s3", "sts", "kms"]);

/** As it is signed for: `Credential=AKIA.../20260301/eu-west-1/backup/aws4_request`. */
const serviceOf = ({ headers }: Question): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";

/** In a header, in the body, or by method and path: each protocol has its place for it. */
function operationOf({ method, url, headers, body }: Question): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.indexOf(".") + 1);
  const action = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
    ? new URLSearchParams(body.toString()).get("Action")
    : null;
  return action ?? `${method} ${new URL(url, "http://127.0.0.1").pathname.replace(/\/$/, "")}`;
}
