// The cases of Gemini CLI's format, through the built program and by the reference.
import { geminiReference } from '../../reference/gemini-cli.js'
import { casesHold } from '../cases.js'
import { geminiCases } from './gemini-cli.cases.js'

casesHold(geminiCases, { flag: 'gemini.home', reference: (home) => geminiReference([home]) })
