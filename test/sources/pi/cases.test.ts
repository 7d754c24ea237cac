// The cases of pi's format for the built program and the reference, in the directory layout of each agent that writes it.
import { piReference } from '../../reference/pi.js'
import { casesHold } from '../cases.js'
import { ohMyPiCases, openClawCases, piCases } from './pi.cases.js'

// The directories hold only sessions, so the reference may read everything below them.
const reference = (directory: string) => piReference([directory])

casesHold(piCases, { flag: 'pi.agent-dir', reference })
casesHold(openClawCases, { flag: 'openclaw.state-dir', reference })
casesHold(ohMyPiCases, { flag: 'oh-my-pi.config-dir', reference })
