import type { Notice } from "./notice.ts";

/** A message drawn from as many of a notice's groups as fit into so many bytes of UTF-8, the gravest first. What is left off is counted. */
export function drawnWithin<Message>(most: number, notice: Notice, draw: (notice: Notice) => Message): Message {
  for (let groups = notice.groups.length; ; groups -= 1) {
    const left = notice.groups.length - groups;
    const message = draw({ ...notice, groups: notice.groups.slice(0, groups), more: notice.more + left });
    const text = typeof message === "string" ? message : JSON.stringify(message);
    if (groups === 0 || new TextEncoder().encode(text).length <= most) return message;
  }
}
