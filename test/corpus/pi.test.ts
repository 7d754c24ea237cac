// Real sessions of pi.
import { piReference } from '../reference/pi.js'
import { agreesOnCorpus } from './agreeing.js'

agreesOnCorpus({ directory: 'pi/agent', flag: 'pi.agent-dir', reference: piReference })
