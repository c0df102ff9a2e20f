/**
 * What a selection takes in, written down once more from the words of AWS's documentation, slowly and in plain sight: the judge of
 * the evaluator. It reads selections as the API spells them, knows nothing of the controller or the simulator, and settles nothing
 * that AWS leaves open: each reading of that is a world, and so is each state of what could not be read.
 *
 * Sources: Developer Guide "Assign resources with AWS CLI" (JSON), "Select AWS services to backup" (OPT), "Restore testing" (RT);
 * API reference "BackupSelection" (API), "Condition", "ConditionParameter".
 */
export interface Selection {
  readonly Resources?: readonly string[];
  readonly NotResources?: readonly string[];
  readonly ListOfTags?: readonly Parameter[];
  readonly Conditions?: Readonly<Partial<Record<Operator, readonly Parameter[] | undefined>>>;
}
export interface Parameter {
  readonly ConditionKey: string;
  readonly ConditionValue: string;
}
type Operator = "StringEquals" | "StringNotEquals" | "StringLike" | "StringNotLike";

/** A resource, and what AWS knows of it when a plan runs. */
export interface Resource {
  readonly arn: string;
  /** Nothing: a type that AWS Backup does not support. */
  readonly type: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  readonly optedIn: boolean;
}

/** How to read what the documentation does not settle. */
export interface Reading {
  /** API: "the asterisk must appear at the end"; JSON: "you can also use the wildcard character in the middle of a string". */
  readonly oddWildcardsMatch: boolean;
  /** JSON tells a service's name from a type's. Half a name, an S3 ARN without a bucket's name and a volume of FSx are neither. */
  readonly halfNamedTypesPassOptIn: boolean;
  /** API: without conditions, tags or resources "Backup attempts to select all supported and opted-in" resources. */
  readonly nothingNamedIsEverything: boolean;
  /**
   * API ConditionParameter: "Include the prefix aws:ResourceTag in your tags"; Condition: "in the tag Department: Accounting, Department is
   * the key". Spelled the other way it is the tag itself, or one that nothing has.
   */
  readonly otherSpellingsAreTags: boolean;
}

export function takesIn(selection: Selection, resource: Resource, reading: Reading): boolean {
  if (resource.type === undefined) return false;
  // RT: plans ignore what restore testing made, "those with tag awsbackup-restore-test or a name starting with" it.
  if (resource.tags.has("awsbackup-restore-test")) return false;
  if (lastOf(lastOf(resource.arn, "/"), ":").startsWith("awsbackup-restore-test")) return false;
  const { Resources = [], NotResources = [], ListOfTags = [], Conditions = {} } = selection;
  // JSON: "Items in NotResources are combined using the Boolean OR."
  for (const pattern of NotResources) if (covers(pattern, resource.arn, reading)) return false;
  // JSON: "those in Conditions combined with a Boolean AND".
  for (const [operator, tests] of Object.entries(Conditions))
    for (const test of tests ?? []) if (!holds(operator as Operator, test, resource.tags, reading)) return false;
  if (Resources.length === 0 && ListOfTags.length === 0) return reading.nothingNamedIsEverything && resource.optedIn;
  // JSON: "those in Resources combined using a Boolean OR"; API: for ListOfTags "OR logic"; the two lists are a union.
  for (const pattern of Resources)
    if (covers(pattern, resource.arn, reading) && (resource.optedIn || passes(pattern, resource.arn, reading)))
      return true;
  // OPT: "If you only use tags for resource assignment, then the service opt-in settings will still apply."
  for (const { ConditionKey, ConditionValue } of ListOfTags)
    if (resource.optedIn && resource.tags.get(listedKey(ConditionKey, reading)) === ConditionValue) return true;
  return false;
}

const PREFIX = "aws:ResourceTag/";
const listedKey = (key: string, { otherSpellingsAreTags }: Reading): string =>
  otherSpellingsAreTags ? key.replace(PREFIX, "") : key;

const lastOf = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);

/** JSON: "The wildcard * represents zero or more non-whitespace characters." Tried one character at a time. */
export function isLike(pattern: string, text: string, at = 0, from = 0): boolean {
  if (at === pattern.length) return from === text.length;
  if (pattern[at] !== "*") return pattern[at] === text[from] && isLike(pattern, text, at + 1, from + 1);
  const spanned = from < text.length && text[from]?.trim() !== "";
  return isLike(pattern, text, at + 1, from) || (spanned && isLike(pattern, text, at, from + 1));
}

/** A pattern that the two pages agree on is `*`, or has whole stars for the Region and the account, and else one at its end. */
function isSettled(pattern: string): boolean {
  if (pattern === "*") return true;
  const parts = pattern.split(":");
  const odd = parts.filter((part, index) => {
    const last = index === parts.length - 1;
    if (part === "*") return false;
    return last ? part.slice(0, -1).includes("*") : part.includes("*");
  });
  // A star that fills the last but one of few parts would fill a Region's place and more.
  return odd.length === 0 && !(parts.length === 5 && parts[3] === "*" && parts[4] !== "*");
}

const covers = (pattern: string, arn: string, { oddWildcardsMatch }: Reading): boolean =>
  isLike(pattern, arn) && (isSettled(pattern) || oddWildcardsMatch);

/** JSON: by a service's name the opt-in counts, by a type's it does not; where types share their form, that of the very type does. */
function passes(pattern: string, arn: string, { halfNamedTypesPassOptIn: half }: Reading): boolean {
  if (/^arn:[a-z-]+:rds:[^:]*:[^:]*:cluster:/.test(arn)) return false;
  if (/^arn:[a-z-]+:fsx:[^:]*:[^:]*:file-system\//.test(arn)) return false;
  if (pattern === "*") return false;
  const parts = pattern.split(":");
  if (parts.length < 6) return parts.at(-1) === "*" && parts.length < 5 ? false : half;
  const [, , service, , , ...rest] = parts;
  const what = rest.join(":");
  if (what === "*") return service === "s3" && half;
  if (service === "s3") return what.startsWith("*") ? half : true;
  const type = what.split(/[/:]/)[0] ?? "";
  const named = !type.includes("*");
  return named && service !== "fsx" ? true : half;
}

function holds(
  operator: Operator,
  { ConditionKey, ConditionValue }: Parameter,
  tags: ReadonlyMap<string, string>,
  { otherSpellingsAreTags }: Reading,
): boolean {
  const prefixed = ConditionKey.startsWith(PREFIX);
  const key = prefixed ? ConditionKey.replace(PREFIX, "") : ConditionKey;
  const value = prefixed || otherSpellingsAreTags ? tags.get(key) : undefined;
  switch (operator) {
    case "StringEquals":
      return value === ConditionValue;
    case "StringNotEquals":
      return value !== ConditionValue;
    case "StringLike":
      return value !== undefined && isLike(ConditionValue, value);
    case "StringNotLike":
      return value === undefined || !isLike(ConditionValue, value);
    default:
      return operator satisfies never;
  }
}

/** Every way to read what AWS leaves open. */
export const READINGS: readonly Reading[] = Array.from({ length: 16 }, (_, bits) => ({
  oddWildcardsMatch: (bits & 1) > 0,
  halfNamedTypesPassOptIn: (bits & 2) > 0,
  nothingNamedIsEverything: (bits & 4) > 0,
  otherSpellingsAreTags: (bits & 8) > 0,
}));
