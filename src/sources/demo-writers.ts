// The registry of demo writers, one line each; only the demo loads it. An agent need not have one.
import { claudeCodeDemo } from './claude-code/demo/session.js'
import { codexDemo } from './codex/demo.js'
import type { DemoWriter } from './demo-writer.js'

export const DEMO_WRITERS: readonly DemoWriter[] = [claudeCodeDemo, codexDemo]
