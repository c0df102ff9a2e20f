import type { Clock } from "../ports.ts";

/** How a posting came to nothing. Neither address nor answer is in it: both may be secret. */
export interface PostFailure {
  /** refused: the address or its right is gone. rejected: the receiver does not want this. Others may pass by themselves. */
  readonly kind: "refused" | "rejected" | "throttled" | "unavailable" | "redirected";
  readonly message: string;
}
export type Posted = { readonly delivered: true } | { readonly delivered: false; readonly failure: PostFailure };

export interface Posting {
  readonly clock: Pick<Clock, "sleep" | "monotonic">;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Monotonic milliseconds after which nothing is sent any more. */
  readonly deadline: number;
  /** How long a receiver may take to answer. Milliseconds. */
  readonly timeoutMs: number;
  /** Plain http to this machine: for tests and trials. */
  readonly loopback: boolean;
}

export interface Request {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const TRIES = 3;
const FIRST_WAIT_MS = 1_000;
/** A receiver that asks for more time than this has the next run. */
const LONGEST_WAIT_MS = 15_000;
const MOST_REDIRECTS = 2;

/** Posts a body until it is taken, refused for good, or there is no more time. It never rejects. */
export async function post(request: Request, posting: Posting): Promise<Posted> {
  const { clock, random, deadline } = posting;
  for (let tries = 1; ; tries += 1) {
    /* oxlint-disable no-await-in-loop -- one try after the other is what a retry loop is */
    const answer = await follow(request, posting);
    if (answer.delivered || answer.again === undefined || tries === TRIES) return withoutWait(answer);
    const wait = Math.max(answer.again ?? 0, FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + random() / 2));
    if (wait > LONGEST_WAIT_MS || clock.monotonic() + wait > deadline) return withoutWait(answer);
    await clock.sleep(wait);
    /* oxlint-enable no-await-in-loop */
  }
}

/** `again`: undefined, it makes no sense; null, after a while; else after so many milliseconds. */
type Answer = { readonly delivered: true } | (Posted & { readonly delivered: false; readonly again?: number | null });

const withoutWait = (answer: Answer): Posted =>
  answer.delivered ? answer : { delivered: false, failure: answer.failure };

const failed = (kind: PostFailure["kind"], message: string, again?: number | null): Answer => ({
  delivered: false,
  failure: { kind, message },
  ...(again === undefined ? {} : { again }),
});

/** Goes where an answer on the same host points, with the same method and body (RFC 9110, 307 and 308). Elsewhere nothing of ours goes. */
async function follow(request: Request, posting: Posting): Promise<Answer> {
  let url = request.url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const unfit = whyUnfit(url, posting);
    if (unfit !== undefined) return failed("refused", unfit);
    // oxlint-disable-next-line no-await-in-loop -- an answer says where to go next
    const answer = await once({ ...request, url }, posting);
    if (!("location" in answer)) return answer;
    const next = URL.parse(answer.location, url);
    if (!next || next.host !== new URL(url).host || next.protocol !== new URL(url).protocol)
      return failed(
        "redirected",
        "the receiver points to another host: what is meant for the one is not sent to the other",
      );
    url = next.href;
  }
  return failed("redirected", `the receiver points on and on: more than ${MOST_REDIRECTS} times`);
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** Why nothing is posted there; undefined: it may be. */
export function whyUnfit(address: string, { loopback }: Pick<Posting, "loopback">): string | undefined {
  const url = URL.parse(address);
  if (!url) return "the address is none: put an https address into the secret";
  if (url.username !== "" || url.password !== "")
    return "the address holds a user's name or password, which no receiver here asks for: put one without into the secret";
  if (url.protocol === "https:" || (loopback && url.protocol === "http:" && LOOPBACK.test(url.hostname)))
    return undefined;
  return "the address is not https: nothing is sent in the clear";
}

async function once(
  { url, body, headers }: Request,
  { timeoutMs: most, deadline, clock }: Posting,
): Promise<Answer | { readonly location: string }> {
  const timeoutMs = Math.floor(Math.min(most, deadline - clock.monotonic()));
  if (timeoutMs <= 0) return failed("unavailable", "this run had no time left to send it");
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "holdfast", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // What it says is nothing to us, and may be without end or break off: how it answered stands.
    await response.body?.cancel().catch(() => undefined);
    const location = response.headers.get("location");
    if ((response.status === 307 || response.status === 308) && location !== null) return { location };
    return judged(response);
  } catch (error) {
    return failed("unavailable", whyUnanswered(error, timeoutMs), null);
  }
}

function judged({ status, headers }: Response): Answer {
  if (status >= 200 && status < 300) return { delivered: true };
  const said = `the receiver answered ${status}`;
  if ([401, 403, 404, 410].includes(status)) return failed("refused", said);
  if (status === 429) return failed("throttled", said, waitIn(headers));
  if (status >= 500 || status === 408) return failed("unavailable", said, waitIn(headers));
  return status >= 300 && status < 400 ? failed("redirected", said) : failed("rejected", said);
}

/** Retry-After in seconds, or as a date by the receiver's own clock (RFC 9110, section 10.2.3). Milliseconds. */
function waitIn(headers: Headers): number | null {
  const after = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(after)) return Number(after) * 1_000;
  const wait = after.endsWith("GMT") ? Date.parse(after) - Date.parse(headers.get("date") ?? "") : NaN;
  return Number.isNaN(wait) ? null : wait;
}

/** A connection's error may name the address, so that only its code is told. */
function whyUnanswered(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return `the receiver did not answer within ${timeoutMs} ms`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "no code";
  return `the receiver could not be reached (${code})`;
}
