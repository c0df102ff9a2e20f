import { expect, it } from "vitest";
import { startFrom, takePage } from "./paging.ts";

const invalid = () => new Error("invalid token");

it("walks a listing page by page to its end", () => {
  const seen: number[] = [];
  let token: string | undefined;
  do {
    const page = takePage([1, 2, 3, 4, 5], {
      from: startFrom(token, "numbers", invalid),
      listing: "numbers",
      limit: 2,
    });
    seen.push(...page.items);
    token = page.next;
  } while (token !== undefined);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

it("refuses a token of another listing, and one that is none", () => {
  const { next } = takePage([1, 2], { from: 0, listing: "numbers", limit: 1 });
  expect(() => startFrom(next, "letters", invalid)).toThrow("invalid token");
  expect(() => startFrom("nonsense", "numbers", invalid)).toThrow("invalid token");
});
