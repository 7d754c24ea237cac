// A pool thread that knows the made-up agent as well as the real ones.
import { SOURCES } from '../../../src/sources/index.js'
import { answerTasks } from '../../../src/worker/thread.js'
import { relay } from './relay.js'

answerTasks([...SOURCES, relay])
