import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generateTemplates } from "../../scripts/generate/templates.ts";

it.each([...generateTemplates()])(
  "%s is what a stack synthesizes: npm run generate writes what changed",
  (path, text) => {
    expect(text).toBe(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
  },
);
