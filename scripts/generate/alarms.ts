import { alarmName, ALARMS } from "../../infra/alarms.ts";

/** The table of alarms: what whoever is woken is told, and finds here again. */
export const alarmsTable = (): string =>
  [
    "| alarm | what it means | what to do first |",
    "| --- | --- | --- |",
    ...ALARMS.map((alarm) => `| \`${alarmName(alarm)}\` | ${alarm.means} | ${alarm.first} |`),
  ].join("\n");
