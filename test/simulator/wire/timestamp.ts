/** Timestamps as AWS protocols spell them. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { ApiError } from "../service.ts";

type TimestampFormat = "epoch-seconds" | "date-time" | "http-date";

/** The SDK's numbers for a timestamp's format; 4 leaves it to the place the timestamp travels in. */
const formats: Readonly<Record<number, TimestampFormat>> = { 5: "date-time", 6: "http-date", 7: "epoch-seconds" };

export function timestampFormat(schema: NormalizedSchema, otherwise: TimestampFormat): TimestampFormat {
  const sentinel: unknown = schema.getSchema();
  return typeof sentinel === "number" ? (formats[sentinel] ?? otherwise) : otherwise;
}

export function timestampText(at: Date, format: TimestampFormat): string {
  switch (format) {
    case "epoch-seconds":
      return String(at.getTime() / 1000);
    case "date-time":
      return at.toISOString();
    case "http-date":
      return at.toUTCString();
    default:
      return format satisfies never;
  }
}

/** Reads a timestamp in whatever spelling a client chose: a number of seconds or a date. */
export function readTimestamp(value: unknown): Date {
  const text = String(value);
  const seconds = typeof value === "number" ? value : /^-?\d+(\.\d+)?([eE]\d+)?$/.test(text) ? Number(text) : undefined;
  const at = seconds === undefined ? new Date(text) : new Date(Math.round(seconds * 1000));
  if (Number.isNaN(at.getTime())) throw new ApiError("SerializationException", `${text} is not a timestamp`, {}, 400);
  return at;
}
