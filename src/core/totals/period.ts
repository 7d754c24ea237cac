// Periods of the calendar, and the days on which a week may begin.

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

/** In ISO order: Monday is the first. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** 24 hours; a calendar day may have 23 or 25. */
export const DAY_MS = 86_400_000
