import type { Answer, Ask, Question } from "../serve.ts";

interface Page {
  readonly ResourceTagMappingList: readonly unknown[];
  readonly PaginationToken: string;
}

interface Asking {
  readonly PaginationToken?: string;
  readonly ResourcesPerPage?: number;
}

/** More than there are. */
const ALL = 1_000_000;

/**
 * The Tagging API's listing, which the simulator sorts anew for each of a thousand pages: asked for once, in one page of a size that AWS
 * would not give, and handed out in pages of the size asked for.
 */
export class KeptTags {
  #whole: Promise<readonly unknown[]> | undefined;

  async answer(question: Question, ask: Ask): Promise<Answer> {
    const { PaginationToken = "", ResourcesPerPage = 50, ...asked } = JSON.parse(question.body.toString()) as Asking;
    this.#whole ??= rowsOf(question, asked, ask);
    const rows = await this.#whole;
    const from = Number(PaginationToken);
    const to = from + ResourcesPerPage;
    const page: Page = {
      ResourceTagMappingList: rows.slice(from, to),
      PaginationToken: to < rows.length ? String(to) : "",
    };
    const body = Buffer.from(JSON.stringify(page));
    return { status: 200, headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "kept" }, body };
  }
}

async function rowsOf(question: Question, asked: object, ask: Ask): Promise<readonly unknown[]> {
  const body = Buffer.from(JSON.stringify({ ...asked, ResourcesPerPage: ALL }));
  const headers = { ...question.headers, "content-length": String(body.length) };
  const answer = await ask({ ...question, headers, body });
  if (answer.status !== 200) throw new Error("the simulator does not list tags");
  return (JSON.parse(answer.body.toString()) as Page).ResourceTagMappingList;
}
