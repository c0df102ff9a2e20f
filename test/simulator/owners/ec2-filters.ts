import { matchesWildcard } from "../iam/wildcard.ts";
import { ApiError } from "../service.ts";

export interface Ec2Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** What a thing answers to each filter it can be found by. */
type Facts = Readonly<Record<string, readonly string[]>>;

/** All filters must hold, each by any of its values, with `*` and `?` (EC2 User Guide, "Filter resources"). */
export function passes(filters: readonly Ec2Filter[] | undefined, facts: Facts): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) =>
    Values.some((wanted) => (facts[Name] ?? []).some((given) => matchesWildcard(wanted, given))),
  );
}

/** Of all filters of a call together; the message is EC2's (gjbae1212/gossm#47). */
const mostValues = 200;

/** A filter that EC2 has but the simulator has not is refused like one that EC2 has not. */
export function checkFilters(filters: readonly Ec2Filter[] | undefined, known: readonly string[]): void {
  if ((filters ?? []).flatMap(({ Values = [] }) => Values).length > mostValues) {
    const limit = `The maximum number of filter values specified on a single call is ${mostValues}`;
    throw new ApiError("FilterLimitExceeded", limit);
  }
  for (const { Name = "" } of filters ?? []) {
    if (known.includes(Name) || Name === "tag-key" || Name.startsWith("tag:")) continue;
    throw new ApiError("InvalidParameterValue", `The filter '${Name}' is invalid`);
  }
}

export function tagFacts(tags: Readonly<Record<string, string>>): Facts {
  const values = Object.entries(tags).map(([key, value]) => [`tag:${key}`, [value]] as const);
  return { "tag-key": Object.keys(tags), ...Object.fromEntries(values) };
}
