#!/usr/bin/env node
import { createInterface } from "node:readline/promises";
import { runCommandLine } from "./program.ts";
import { terminalOf } from "./terminal.ts";

const ask = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim() === "yes";
  } finally {
    lines.close();
  }
};

// A reader that has seen enough (`| head`) is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), process.env, terminalOf(process, ask));
