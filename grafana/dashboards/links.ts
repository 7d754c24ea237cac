// Addresses within Grafana, from the row of a table to a board that shows no more than what the row is about.

export const UIDS = { spend: 'agent-usage-spend', exporter: 'agent-usage-exporter' } as const

/**
 * The board with the time range and the choices of this one, but for one variable.
 * @param column title of the column that has the variable's value
 * @param kept variables that both boards have
 */
export function narrowed(
  board: keyof typeof UIDS,
  variable: string,
  column: string,
  kept: readonly string[] = [],
): string {
  const choices = ['datasource', ...kept].map((name) => `\${${name}:queryparam}`)
  const value = `\${__data.fields["${column}"]:percentencode}`
  return `/d/${UIDS[board]}?${['${__url_time_range}', ...choices, `var-${variable}=${value}`].join('&')}`
}
