// A pool thread that knows the made-up agent as well as the real ones.
import { SOURCES } from '../../../src/sources/index.js'
import { createThread } from '../../../src/worker/thread.js'
import { relay } from './relay.js'

export default createThread([...SOURCES, relay])
