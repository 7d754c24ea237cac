// The kinds of Claude Code's names. They are part of every stored key and must never change.

export const NAME = {
  message: 1,
  messageAndRequest: 2,
  request: 3,
  sessionScoped: 4,
  line: 5,
  position: 6,
  advisor: 7,
  toolUse: 8,
} as const
