/** What a page carries to look at: the very files of the evidence store, and nothing said about them. */
export interface PageData {
  readonly format: 1;
  /** The report that is shown first; null: the newest. */
  readonly focus: number | null;
  /** The text of `keys.json`. */
  readonly keys: string;
  /** Envelopes, byte for byte, by file name: each is one line of ASCII JSON. */
  readonly reports: Readonly<Record<string, string>>;
  /** Base64. They have no names: their SHA-256 is one. */
  readonly attachments: readonly string[];
  /** Git packs in base64, by commit. */
  readonly packs: Readonly<Record<string, string>>;
}
