// The cases of Gemini CLI's format for the built program and the reference.
import { geminiReference } from '../../reference/gemini-cli.js'
import { casesHold } from '../cases.js'
import { geminiCases } from './gemini-cli.cases.js'

casesHold(geminiCases, { flag: 'gemini.home', reference: (home) => geminiReference([home]) })
