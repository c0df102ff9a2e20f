/** How AWS Backup's events come to the hub: what members' rules are deployed as, and looked for as. */

/** The bus in the hub's account and Region that rules in every member Region put them on. Its name is fixed: members are told it before there is one. */
export const EVENT_BUS_NAME = "holdfast";

/** Whole, so that detail types spelled otherwise or yet to come pass as well. Of CloudTrail's events only those of writes come by rule. */
export const FROM_BACKUP = { source: ["aws.backup"] };
