const second = 1000;
export const day = 86_400 * second;

/** Job records live so many days after the job has finished (semantics §5.4). */
export const jobRecordDays = 30;

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * second);
}

export function addMinutes(at: Date, minutes: number): Date {
  return addSeconds(at, minutes * 60);
}

export function addDays(at: Date, days: number): Date {
  return new Date(at.getTime() + days * day);
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
