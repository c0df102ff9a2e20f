/** What a process asked of AWS, tries included: in members' accounts and of the controller's own services. */
export interface Traffic {
  /** Calls sent. */
  readonly calls: number;
  /** Of these, how many AWS refused for coming too fast. */
  readonly throttles: number;
}

/** Told of every sending. A root makes one for its process, and reads it when the run is over. */
export interface TrafficCount {
  readonly sent: () => void;
  readonly throttled: () => void;
  readonly total: () => Traffic;
}

export function countTraffic(): TrafficCount {
  let [calls, throttles] = [0, 0];
  return {
    sent: () => void (calls += 1),
    throttled: () => void (throttles += 1),
    total: () => ({ calls, throttles }),
  };
}
