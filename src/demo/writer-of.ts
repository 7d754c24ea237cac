// Assigns agents to the made-up projects in turn.
import type { DemoWriter } from '../sources/demo-writer.js'
import { PROJECTS, type Project } from './projects.js'

export const writerOf = (project: Project, writers: readonly DemoWriter[]): DemoWriter =>
  writers[PROJECTS.indexOf(project) % writers.length]!
