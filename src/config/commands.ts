// The commands of the program.

export const COMMANDS = ['serve', 'once', 'demo', 'backfill', 'healthcheck', 'check'] as const
export type Command = (typeof COMMANDS)[number]

/** Whether a command runs until it is told to stop; the others end by themselves. */
export const stays = (command: Command): boolean => command === 'serve' || command === 'demo'
