// The file that pool threads load: a thread with the sources of this program.
import { SOURCES } from '../sources/index.js'
import { answerTasks } from './thread.js'

answerTasks(SOURCES)
