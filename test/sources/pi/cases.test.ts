// The cases of pi's format, through the built program and by the reference, at the places of each agent that writes it.
import { piReference } from '../../reference/pi.js'
import { casesHold } from '../cases.js'
import { ohMyPiCases, openClawCases, piCases } from './pi.cases.js'

// Nothing but sessions is planted, so the reference may look below the whole directory.
const reference = (directory: string) => piReference([directory])

casesHold(piCases, { flag: 'pi.agent-dir', reference })
casesHold(openClawCases, { flag: 'openclaw.state-dir', reference })
casesHold(ohMyPiCases, { flag: 'oh-my-pi.config-dir', reference })
