// The kinds of Gemini CLI's names. They are part of every stored key and must never change.

export const NAME = { message: 1 } as const
