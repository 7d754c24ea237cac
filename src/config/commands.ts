// The commands of the program.

export const COMMANDS = ['serve', 'once', 'demo', 'healthcheck', 'check'] as const
export type Command = (typeof COMMANDS)[number]
