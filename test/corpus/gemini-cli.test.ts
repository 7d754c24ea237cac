// Real chats of Gemini CLI.
import { geminiReference } from '../reference/gemini-cli.js'
import { agreesOnCorpus } from './agreeing.js'

agreesOnCorpus({ directory: 'gemini', flag: 'gemini.home', reference: geminiReference })
