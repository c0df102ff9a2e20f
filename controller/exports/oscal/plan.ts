import { namedUuid } from "../named-uuid.ts";
import { CONTROLS } from "./controls.ts";
import { metadata, type Made } from "./document.ts";

/** Beside the results, which must name a plan. */
export const PLAN_FILE = "assessment-plan.json";

export const reviewedControls = () => ({
  "control-selections": [{ "include-controls": CONTROLS.map(({ id }) => ({ "control-id": id })) }],
});

/**
 * The plan that the results are of, as far as a controller can state one: which controls a report speaks to. A plan of an assessment as
 * assessors write it is theirs, and so is the system security plan that it should import.
 */
export const assessmentPlan = ({ on, name }: Omit<Made, "title">): object => ({
  "assessment-plan": {
    uuid: namedUuid("assessment-plan", ...name),
    metadata: metadata({ title: "What Holdfast's reconciliation reports speak to", on, name: ["plan", ...name] }),
    "import-ssp": {
      href: "#not-provided",
      remarks: "The system security plan is the organization's; put its location here.",
    },
    "reviewed-controls": reviewedControls(),
  },
});
