// The kinds of names in this format. They are part of every stored key and must never change.

export const NAME = { message: 1, compaction: 2, branchSummary: 3, modelUsage: 4 } as const
