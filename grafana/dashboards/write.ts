// Writes the JSON of every board beside its source: `npm run dashboards`.
import { writeFileSync } from 'node:fs'
import { boards, printed } from './index.js'

for (const [name, board] of Object.entries(boards)) writeFileSync(`grafana/dashboards/${name}.json`, printed(board))
