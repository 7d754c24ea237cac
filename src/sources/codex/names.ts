// The kinds of Codex's names. They are part of every stored key and must never change.

export const NAME = {
  /** A record's response, by OpenAI's id. */
  response: 1,
  /** A record whose id may be a constant: thread, turn, id and the thread's running total. */
  record: 2,
  /** A token count: turn and running total. */
  count: 3,
  /** The same if no turn has an id: thread and running total. */
  threadCount: 4,
  /** A token count without a running total: turn, time and its own counts. */
  timedCount: 5,
  /** The same if no turn has an id. */
  timedThreadCount: 6,
  /** A response that no line states: the name of the count that revealed it. */
  hidden: 7,
} as const
