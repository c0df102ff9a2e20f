import { readFileSync } from "node:fs";

const GOLDEN = new URL("../../test/golden/views/doctor-80.txt", import.meta.url);

/** What doctor says of an installation with two things amiss, which a test looks at for real: what is not well, and the count. */
export function doctorExample(): string {
  const blocks = readFileSync(GOLDEN, "utf8").trimEnd().split("\n\n");
  const amiss = blocks.filter((block) => /^[!~?] /m.test(block));
  const shown = [...amiss.flatMap((block) => [block, "…"]), blocks.at(-1) ?? ""];
  return `\`\`\`text\n${shown.join("\n\n")}\n\`\`\`\n`;
}
