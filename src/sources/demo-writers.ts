// The registry of demo writers, a line each; only the demo loads it. An agent may do without.
import { claudeCodeDemo } from './claude-code/demo/session.js'
import { codexDemo } from './codex/demo.js'
import type { DemoWriter } from './demo-writer.js'

export const DEMO_WRITERS: readonly DemoWriter[] = [claudeCodeDemo, codexDemo]
