/** The names that a selection and its successors may go by. */

const SUCCESSOR = /\.g\d{1,3}$/;
const NAME_LENGTH = 50;
/** `.g` and up to three digits must fit behind a name, or nothing could ever take its place. */
export const LONGEST_NAME = NAME_LENGTH - ".g999".length;

/** Both names a selection may go by: AWS's own, and that with the ending of a successor taken off. */
export const namesBehind = (selectionName: string): readonly string[] => [
  ...new Set([selectionName, selectionName.replace(SUCCESSOR, "")]),
];

/** `<name>`, or `<name>.g2` and so on where that is taken: whether AWS lets two share a name is not known (rule 19). */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let successor = 2;
  let candidate = name;
  while (taken.has(candidate)) candidate = `${name}.g${successor++}`;
  return candidate;
}
