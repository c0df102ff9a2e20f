/** What a run asked of the fleet's targets, as evidence: which question, how many pages and rows, under which request ids. */
import { canonical } from "../domain/digest.ts";
import type { AwsFailure } from "../domain/errors.ts";
import { instant, type Target } from "../domain/identity.ts";
import { Observation } from "../domain/survey.ts";
import type { Heard } from "./call.ts";

/** One question with the pages of its answer. Kept small: a fleet is asked a hundred thousand. Times are milliseconds since the epoch. */
interface Reading {
  readonly api: string;
  readonly target: Target;
  /** Canonical text of what was asked, without page tokens. */
  readonly question: string;
  readonly requestIds: string[];
  readonly from: number;
  to: number;
  pages: number;
  items: number;
  /** The last page named a further one. */
  more: boolean;
  failure: AwsFailure | undefined;
}

/** The reads of one run, put together from their pages. No answer is kept. */
export class Observations {
  readonly #readings: Reading[] = [];
  /** Readings whose next page is yet to be asked for, by question and token. Those of one token have come equally far. */
  readonly #open = new Map<string, Reading[]>();

  hear(target: Target, { operation, input, requestIds, from, to, end }: Heard): void {
    const { parameters, token } = questionOf(input);
    const question = canonical(parameters);
    const id = `${target.account} ${target.region} ${operation.name} ${question} `;
    const reading =
      (token === undefined ? undefined : this.#continued(id + token)) ??
      this.#begin({ api: operation.name, target, question, from: from.getTime() });
    for (const requestId of requestIds) reading.requestIds.push(requestId);
    reading.to = to.getTime();
    reading.failure = "failure" in end ? end.failure : undefined;
    if ("failure" in end) return;
    const next = nextToken(end.output);
    reading.pages += 1;
    reading.items += itemsIn(end.output, operation.rows);
    reading.more = next !== undefined;
    if (next !== undefined) this.#open.set(id + next, [...(this.#open.get(id + next) ?? []), reading]);
  }

  /** By target, operation and parameters; the same question asked again comes after. */
  rows(): readonly Observation[] {
    return this.#readings
      .map((reading) => ({ reading, place: placeOf(reading) }))
      .toSorted((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.reading.from - b.reading.from))
      .map(({ reading }) => toRow(reading));
  }

  #begin(asked: Pick<Reading, "api" | "target" | "question" | "from">): Reading {
    const begun = { ...asked, requestIds: [], to: asked.from, pages: 0, items: 0, more: false, failure: undefined };
    this.#readings.push(begun);
    return begun;
  }

  #continued(key: string): Reading | undefined {
    const [reading, ...others] = this.#open.get(key) ?? [];
    if (others.length > 0) this.#open.set(key, others);
    else this.#open.delete(key);
    return reading;
  }
}

const placeOf = ({ target, api, question }: Reading): string => `${target.account} ${target.region} ${api} ${question}`;

function toRow({ api, target, question, requestIds, from, to, pages, items, more, failure }: Reading): Observation {
  return {
    api,
    region: target.region,
    accountId: target.account,
    parameters: Observation.shape.parameters.parse(JSON.parse(question)),
    pages,
    items,
    requestIds,
    from: instant(new Date(from)),
    to: instant(new Date(to)),
    // AWS's own "there is none" is an answer, and a whole one.
    complete: !more && (failure === undefined || failure.kind === "missing"),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** What services call the place of the next page, when asked for it and when telling it. */
const TOKENS_ASKED: ReadonlySet<string> = new Set([
  "NextToken",
  "PaginationToken",
  "Marker",
  "ExclusiveStartTableName",
  "ContinuationToken",
]);
const TOKENS_TOLD = [
  "NextToken",
  "PaginationToken",
  "Marker",
  "NextMarker",
  "LastEvaluatedTableName",
  "ContinuationToken",
];

function questionOf(input: object): { readonly parameters: object; readonly token: string | undefined } {
  const members = Object.entries(input);
  const asked = members.find(([name, value]) => TOKENS_ASKED.has(name) && typeof value === "string" && value !== "");
  return {
    parameters: Object.fromEntries(members.filter(([name]) => !TOKENS_ASKED.has(name))),
    token: asked && String(asked[1]),
  };
}

/** An empty token ends a listing as its absence does (semantics §9.2). */
const nextToken = (output: object): string | undefined =>
  TOKENS_TOLD.map((name) => member(output, name)).find(
    (value): value is string => typeof value === "string" && value !== "",
  );

function itemsIn(output: object, rows: string | undefined): number {
  if (rows === undefined) return 1;
  const list = member(output, rows);
  if (Array.isArray(list)) return list.length;
  return typeof list === "object" && list !== null ? Object.keys(list).length : 0;
}

const member = (output: object, name: string): unknown => (output as Readonly<Record<string, unknown>>)[name];
