export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** One figure a line. */
export const show = (what: string, figure: string): void => console.log(`${what.padEnd(46)}  ${figure}`);

export const seconds = (value: number): string => `${value.toFixed(1)} s`;
export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;
export const thousands = (count: number): string => count.toLocaleString("en-US");
