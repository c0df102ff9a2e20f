import { namedUuid } from "../named-uuid.ts";

/** The version of OSCAL that documents are written in. */
export const OSCAL_VERSION = "1.1.2";
/** Names of our own props: the domain of the report format. */
export const NAMESPACE = "https://holdfast.dev/ns/oscal";

/** OSCAL's strings are not empty, have no white space around them and are one line. */
export const oscalString = (text: string): string => text.replaceAll(/\s+/g, " ").trim() || "-";

export const prop = (name: string, value: string | number) => ({
  name,
  ns: NAMESPACE,
  value: oscalString(String(value)),
});

export interface Made {
  readonly title: string;
  /** When the newest report of the document was made; a document says nothing later. */
  readonly on: string;
  /** What the document is of: the same names, the same ids. */
  readonly name: readonly string[];
}

export const metadata = ({ title, on, name }: Made) => ({
  title,
  "last-modified": on,
  version: namedUuid("version", ...name),
  "oscal-version": OSCAL_VERSION,
});
