// Loaded before a program (`node --import`): writes, when it exits, how much memory it had resident at most, into the file AUE_PEAK;
// in MB of a million bytes.
import { writeFileSync } from 'node:fs'

const file = process.env['AUE_PEAK']
process.once('exit', () => {
  if (file !== undefined) writeFileSync(file, `${(process.resourceUsage().maxRSS * 1024) / 1e6}`)
})
