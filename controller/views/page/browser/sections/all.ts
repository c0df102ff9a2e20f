import type { Section } from "../section.ts";
import { announcements } from "./announcements.ts";
import { chain } from "./chain.ts";
import { changes } from "./changes.ts";
import { commands } from "./commands.ts";
import { coverage } from "./coverage.ts";
import { exceptions } from "./exceptions.ts";
import { held, resources } from "./held.ts";
import { jobs } from "./jobs.ts";
import { names } from "./names.ts";
import { overview } from "./overview.ts";
import { points } from "./points.ts";
import { restores } from "./restores.ts";
import { files, limits, observations, source } from "./source.ts";

/** The document, in the order in which it is read: what happened, what is protected, what it rests on, what it does not prove. */
export const SECTIONS: readonly Section[] = [
  overview,
  changes,
  held,
  resources,
  coverage,
  jobs,
  points,
  restores,
  announcements,
  names,
  exceptions,
  chain,
  source,
  observations,
  files,
  limits,
  commands,
];
