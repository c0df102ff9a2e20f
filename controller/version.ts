/** The version of package.json, held equal by a test: a bundle has no package.json to read. */
export const VERSION = "0.1.0";
