// The page at `/` and the JSON of `/api/summary`. Loaded on the first request: a start that serves only scrapes does
// without.
import type { LandingOptions } from '../http/landing/page.js'
import type { Pages } from '../http/server.js'
import type { Summary } from '../http/summary-schema.js'
import type { SummaryOptions } from './summary.js'

export function createLanding(options: SummaryOptions, landing: LandingOptions): Pick<Pages, 'landing' | 'summary'> {
  let created: Promise<() => Promise<Summary>> | undefined
  async function create(): Promise<() => Promise<Summary>> {
    const { createSummary } = await import('./summary.js')
    return createSummary(options)
  }
  const summary = async (): Promise<Summary> => (await (created ??= create()))()
  return {
    async landing() {
      const { renderLanding } = await import('../http/landing/page.js')
      return renderLanding(await summary(), landing)
    },
    summary: async () => `${JSON.stringify(await summary(), undefined, 2)}\n`,
  }
}
