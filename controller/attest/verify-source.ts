import { digestOf } from "../domain/digest.ts";
import { gitBlob } from "./git-objects.ts";
import type { Problem, ReadReport } from "./verify-report.ts";

/** A manifest as somebody has it, to compare with what a report names. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The manifests a report is about against files at hand, both ways and byte for byte: none missing, none besides, none other. */
export function sourceProblems(report: ReadReport, given: readonly GivenFile[]): readonly Problem[] {
  const problem = (message: string): Problem => ({ file: report.name, check: "source", message });
  const named = new Map(
    report.subject.flatMap(({ name, digest }) => (name === undefined ? [] : [[name, digest] as const])),
  );
  const there = new Set(given.map(({ path }) => path));
  return [
    ...[...named.keys()]
      .filter((path) => !there.has(path))
      .map((path) => problem(`names ${path}, which is not among the files given`)),
    ...given.flatMap(({ path, bytes }) => {
      const digest = named.get(path);
      if (!digest) return problem(`does not name ${path}`);
      return digest["sha256"] === digestOf(bytes) && digest["gitBlob"] === gitBlob(bytes)
        ? []
        : problem(`names another content of ${path}`);
    }),
  ];
}
