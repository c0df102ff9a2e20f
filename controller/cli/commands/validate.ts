import { validate } from "../../load/load.ts";
import { problemsJson, problemsText } from "../../views/problems-text.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";

/** Checks manifests against their schemas and AWS's own limits. Needs no credentials and no network. */
export async function validateCommand(invocation: Invocation): Promise<number> {
  const { operands, terminal } = invocation;
  const { desiredState } = settingsOf(invocation, operands[0]);
  const { files } = await createFolderSource(desiredState).read();
  const problems = validate(files, new Date());
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (formatOf(invocation) === "json") terminal.out(problemsJson(problems));
  else if (problems.length > 0) terminal.out(problemsText(problems, terminal));
  else terminal.out(`${files.length} files: no problems.`);
  return errors > 0 ? 1 : 0;
}
