import { digestOf } from "../../domain/digest.ts";
import { byBytes } from "../../attest/git/git-objects.ts";
import type { PackFile } from "./pack.ts";

/** What `sha256sum -c` reads: `<sha256>  <path>`, in byte order of the paths. */
export class Sums {
  readonly #sums = new Map<string, string>();

  add({ path, bytes }: PackFile): void {
    this.#sums.set(path, digestOf(bytes));
  }

  has(path: string): boolean {
    return this.#sums.has(path);
  }

  text(): string {
    return [...this.#sums]
      .toSorted(([a], [b]) => byBytes(a, b))
      .map(([path, sha256]) => `${sha256}  ${path}\n`)
      .join("");
  }
}

export const sumsFile = (sums: Sums): PackFile => ({
  path: "SHA256SUMS",
  bytes: new TextEncoder().encode(sums.text()),
});
