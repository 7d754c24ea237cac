// The unit of costs: whole nano-dollars, since sums of fractions depend on their order.

export const NANOS_PER_USD = 1e9
