// The unit of costs: integer nano-dollars, because sums of fractions depend on their order.

export const NANOS_PER_USD = 1e9
