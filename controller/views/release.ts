import * as z from "zod";
import { ResourceKey, showTarget, Target } from "../domain/identity.ts";
import type { Owned } from "../domain/owned.ts";
import { jsonText, visibleData } from "./visible.ts";

/** What is to be let go of, and what cannot be. */
export interface ReleaseView extends Owned {
  readonly fleet: string;
  readonly version: string;
  /** The keys of ownership tags. */
  readonly tagKeys: readonly string[];
}

/** Within `holdfast-release/1` members are only ever added. */
const ReleaseJson = z.strictObject({
  schema: z.literal("holdfast-release/1"),
  fleet: z.string(),
  tagKeys: z.array(z.string()).describe("Keys of the tags to be removed."),
  tagged: z.array(z.strictObject({ key: ResourceKey, arn: z.string() })),
  requested: z
    .array(z.strictObject({ key: ResourceKey, id: z.string() }))
    .describe("Marked by a request id, which stays; only making them anew would end it."),
  unread: z
    .array(z.strictObject({ target: Target, kind: z.string(), id: z.string().optional(), failure: z.string() }))
    .describe("What could not be read and may be marked as well."),
});

export const releaseJson = ({ fleet, tagKeys, tagged, requested, unread }: ReleaseView): string =>
  jsonText(
    ReleaseJson.parse({
      schema: "holdfast-release/1",
      fleet,
      tagKeys,
      tagged,
      requested,
      unread: unread.map(({ failure, ...rest }) => ({ ...rest, failure: failure.message })),
    }),
  );

/**
 * A shell script for people to read and to run with their own credentials: the controller may take no tag away. It is run once in each
 * account, and does there what is that account's. Whatever comes from AWS is quoted, and spelled out where it could mislead.
 */
export function releaseScript(view: ReleaseView): string {
  const { fleet, version } = view;
  return [
    "#!/bin/sh",
    `# Lets go of what fleet ${fleet} owns, by removing its ownership tags. Nothing else is changed: vaults, backups, plans and`,
    "# selections stay as they are, and go on working. Written by holdfast release, which only reads (version " +
      `${version}).`,
    "#",
    "# Stop the schedule first. Run this once in each account, as somebody who may backup:UntagResource there: what is another",
    "# account's is left for when it is run there. To run it again does no harm.",
    ...remarks(visibleData(view)),
    "set -eu",
    ...commands(view),
    "",
  ].join("\n");
}

function commands({ tagged, tagKeys }: ReleaseView): readonly string[] {
  const [first] = tagged;
  if (first === undefined) return ["echo 'nothing bears the tags of this fleet'"];
  const region = quoted(first.key.target.region);
  return [
    `account=$(aws sts get-caller-identity --region ${region} --query Account --output text)`,
    "release() {",
    `  aws backup untag-resource --region "$1" --resource-arn "$2" --tag-key-list ${tagKeys.map(quoted).join(" ")}`,
    '  echo "released $2"',
    "}",
    ...[...Map.groupBy(tagged, ({ key }) => key.target.account)].flatMap(([account, owned]) => section(account, owned)),
  ];
}

function section(account: string, owned: ReleaseView["tagged"]): readonly string[] {
  return [
    "",
    `if [ "$account" = ${quoted(account)} ]; then`,
    ...owned.map(
      ({ key, arn }) => `  release ${quoted(key.target.region)} ${quoted(arn)} # ${nameOf(visibleData(key))}`,
    ),
    `else echo ${quoted(`left for account ${account}: ${owned.length}`)} >&2; fi`,
  ];
}

/** What the script does not do, each thing by itself. */
function remarks({ requested, unread }: ReleaseView): readonly string[] {
  const stays = requested.map(({ key, id }) => `#   ${showTarget(key.target)} ${nameOf(key)}, ${id}`);
  const unknown = unread.map(
    ({ target, kind, id, failure }) => `#   ${showTarget(target)} ${kind} ${id ?? "(all of them)"}: ${failure.message}`,
  );
  return [
    ...(stays.length === 0
      ? []
      : [
          "#",
          "# Takes no tags, and stays marked by the request id it was made with, which means nothing to anybody else:",
          ...stays,
        ]),
    ...(unknown.length === 0
      ? []
      : ["#", "# NOT WHOLE. This could not be read, and may carry marks too; mend it and ask again:", ...unknown]),
  ];
}

const nameOf = ({ kind, name }: ResourceKey): string => `${kind} ${name}`;

/** As one word of a shell, whatever is in it. */
const quoted = (text: string): string => (/^[\w:/.@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
