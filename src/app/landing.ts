// The page at `/` and the JSON of `/api/summary`. Loaded on the first request, so that a start that serves only scrapes
// does not pay for it.
import type { Config } from '../config/config.js'
import type { Pages } from '../http/server.js'
import type { Summary } from '../http/summary-schema.js'
import { SOURCES } from '../sources/index.js'
import type { SummaryOptions } from './summary.js'

export function createLanding(
  options: SummaryOptions,
  { telemetryPath }: Pick<Config, 'telemetryPath'>,
): Pick<Pages, 'landing' | 'summary'> {
  const directories = SOURCES.map(({ agent, directories: { name, flag, variable } }) => ({
    agent,
    name,
    flag,
    variable,
  }))
  let created: Promise<() => Summary> | undefined
  async function create(): Promise<() => Summary> {
    const { createSummary } = await import('./summary.js')
    return createSummary(options)
  }
  const summary = async (): Promise<Summary> => (await (created ??= create()))()
  return {
    async landing(query) {
      const [{ renderLanding }, { stretchAsked }] = await Promise.all([
        import('../http/landing/page.js'),
        import('../http/landing/stretch.js'),
      ])
      return renderLanding(await summary(), { telemetryPath, directories, stretch: stretchAsked(query) })
    },
    summary: async () => `${JSON.stringify(await summary(), undefined, 2)}\n`,
  }
}
