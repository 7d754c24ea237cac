// Real sessions of kimi-cli.
import { kimiCodeReference } from '../reference/kimi-code.js'
import { agreesOnCorpus } from './agreeing.js'

agreesOnCorpus({ directory: 'kimi', flag: 'kimi.home', reference: kimiCodeReference })
