// The kinds of names in this format. They are in every stored key: none may ever change.

export const NAME = { message: 1, compaction: 2, branchSummary: 3, modelUsage: 4 } as const
