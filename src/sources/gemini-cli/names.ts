// The kinds of Gemini CLI's names. They are in every stored key: none may ever change.

export const NAME = { message: 1 } as const
