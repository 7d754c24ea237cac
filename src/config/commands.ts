// The program's commands.

export const COMMANDS = ['serve', 'once', 'demo', 'report', 'compare', 'backfill', 'healthcheck', 'check'] as const
export type Command = (typeof COMMANDS)[number]

/** Whether a command runs until it is stopped. */
export const stays = (command: Command): boolean => command === 'serve' || command === 'demo'
