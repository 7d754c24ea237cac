// Loaded before a program (`node --import`): writes the program's peak resident memory to the file AUE_PEAK when it exits, in MB of a
// million bytes.
import { writeFileSync } from 'node:fs'

const file = process.env['AUE_PEAK']
process.once('exit', () => {
  if (file !== undefined) writeFileSync(file, `${(process.resourceUsage().maxRSS * 1024) / 1e6}`)
})
