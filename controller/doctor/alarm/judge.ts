import type { Fact } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import type { Alarm, AlarmFacts, Listeners } from "./read.ts";

const DEPLOY = "npx cdk deploy holdfast-hub, which makes it anew";

/** Whether somebody is woken when no report comes, and whether anything rings now. */
export function judgeAlarms({ alarms, listeners }: AlarmFacts): readonly Finding[] {
  const all = subject("alarms");
  return [
    ...all.judge("alarm.dead-man", "which alarms there are", alarms, (found) => {
      const switches = found.filter(({ hearsSilence }) => hearsSilence);
      return [
        ...(switches.length > 0 ? switches.flatMap(judgeSwitch) : [noSwitch()]),
        ...found.filter(({ hearsSilence, ringing }) => !hearsSilence && ringing).map(ringingNow),
      ];
    }),
    ...[...listeners].flatMap(([arn, heard]) => judgeTopic(arn, heard)),
  ];
}

const noSwitch = (): Finding =>
  subject("alarms").wrong("alarm.dead-man", {
    says: "none of them goes off when no report comes",
    why: "when the controller stops, nobody is told",
    fix: DEPLOY,
  });

function judgeSwitch({ name, ringing, actsOn, tells }: Alarm): readonly Finding[] {
  const alarm = subject(`alarm ${name}`);
  return [
    ringing
      ? alarm.wrong("alarm.dead-man", {
          says: "it is ringing: no report came when one was due",
          why: "drift stays and is not seen, and the evidence has a gap",
          fix: "read what is wrong with the schedule and the controller above, and what the function logged last",
        })
      : alarm.ok("alarm.dead-man", "it goes off when no report comes"),
    actsOn && tells.length > 0
      ? alarm.ok("alarm.actions", "it tells somebody")
      : alarm.wrong("alarm.actions", {
          says: actsOn ? "it tells nobody" : "its actions are switched off",
          why: "when the controller stops, nobody is told",
          fix: actsOn ? DEPLOY : `aws cloudwatch enable-alarm-actions --alarm-names ${name}`,
        }),
  ];
}

const ringingNow = ({ name }: Alarm): Finding =>
  subject(`alarm ${name}`).warn("alarm.ringing", {
    says: "it is ringing",
    why: "something it watches is out of bounds",
    fix: "read the last report and what the function logged; the alarm's description says what it watches",
  });

function judgeTopic(arn: string, heard: Fact<Listeners | undefined>): readonly Finding[] {
  const topic = subject(`topic ${arn.split(":").at(-1) ?? arn}`);
  const fix = `aws sns subscribe --topic-arn ${arn} --protocol email --notification-endpoint ADDRESS, and confirm it`;
  return topic.judge("topic.subscribed", "who is subscribed to it", heard, (listeners) => {
    if (listeners === undefined)
      return topic.wrong("topic.subscribed", { says: "it does not exist", why: "alarms tell nobody", fix: DEPLOY });
    const { confirmed, pending } = listeners;
    if (confirmed === 0)
      return topic.wrong("topic.subscribed", {
        says: pending === 0 ? "nobody is subscribed to it" : "none of its subscriptions is confirmed",
        why: "alarms tell nobody",
        fix: pending === 0 ? fix : "open the message that SNS sent to each address, and confirm",
      });
    const told = `${confirmed} ${confirmed === 1 ? "subscriber is" : "subscribers are"} told`;
    if (pending === 0) return topic.ok("topic.subscribed", told);
    return topic.warn("topic.subscribed", {
      says: `${told}, and ${pending} did not confirm yet`,
      why: "who did not confirm is not told",
      fix: "open the message that SNS sent to each address, and confirm",
    });
  });
}
