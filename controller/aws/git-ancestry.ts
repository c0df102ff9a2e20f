import { execFile } from "node:child_process";
import type { Ancestry } from "./publish-desired.ts";

/** What git knows of a working copy's history. Exit code 1 is its no; any other trouble (no git, a shallow clone) is not knowing. */
export const gitAncestry =
  (folder: string): Ancestry =>
  (ancestor, descendant) =>
    new Promise((resolve) => {
      execFile("git", ["-C", folder, "merge-base", "--is-ancestor", ancestor, descendant], (error) => {
        resolve(error === null ? true : error.code === 1 ? false : null);
      });
    });
