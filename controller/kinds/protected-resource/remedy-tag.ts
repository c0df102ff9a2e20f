/** On a backup that was made up for, so that people and later runs know what it is: its value is the job that failed, or `MISSED`. */
export const REMEDY_TAG = "holdfast:remedy";

/** No job is known to have been started. */
export const MISSED = "missed";
