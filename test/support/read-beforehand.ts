/**
 * Reads beforehand what the controller reads when it is first asked for. Reading takes real time, in which virtual time, that moves on
 * when nothing seems to happen, would run away.
 */
import * as services from "../../controller/aws/services/index.ts";
import "../../controller/survey/survey.ts";

await Promise.all(Object.values(services).map((read) => read()));
