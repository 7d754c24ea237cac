// The calendar's words: periods that repeat, and the days that a week may begin on.

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

/** In ISO order: Monday is the first. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Of 24 hours; a day of the calendar may have 23 or 25. */
export const DAY_MS = 86_400_000
