/** Where there is something to read. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly vault: string;
  /** For the evidence. */
  readonly bucket: string;
  /** The simulator's present, epoch milliseconds. */
  readonly now: number;
}

/** What a reading process is told to do. */
export interface Order extends Place {
  /** A folder. */
  readonly manifests: string;
  /** Of the controller: whether its pace is waited for. */
  readonly pacing: "real" | "virtual";
  /** Of the controller: whether the inventory is packed and stored as well. */
  readonly inventory: boolean;
  /** Of the bare reader: how many windows of creation time it reads side by side. */
  readonly windows: number;
}

/** What it comes back with. */
export interface Measured {
  readonly seconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** What was read: recovery points, or resources. */
  readonly rows: number;
  /** What the controller found. */
  readonly findings?: number;
}

export type Reader = "observe" | "paginate";
