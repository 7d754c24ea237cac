// Real sessions of GitHub Copilot CLI.
import { copilotCliReference } from '../reference/copilot-cli.js'
import { agreesOnCorpus } from './agreeing.js'

agreesOnCorpus({ directory: 'copilot', flag: 'copilot.home', reference: copilotCliReference })
