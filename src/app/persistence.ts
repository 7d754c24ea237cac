// Keeps the state: loads it at the start, commits changes, and continues without a disk if necessary.
import { randomUUID } from 'node:crypto'
import { absorb } from '../core/absorb.js'
import { State } from '../core/state.js'
import type { Change } from '../core/tables/table.js'
import type { Log } from '../process/log.js'
import { FILE_CALLS } from '../store/files.js'
import type { OpenOptions } from '../store/open-journal.js'
import type { Store } from '../store/store.js'

export interface Persistence {
  readonly state: State
  /**
   * Writes the changes since the last commit, if there are any. If the disk refuses, logs that once; the next call
   * retries with everything.
   */
  readonly commit: () => void
  /** Number of finished commits, including those that the disk refused. */
  readonly commits: () => number
  /** False while the disk refuses writes; true if no state is kept. */
  readonly stored: () => boolean
  close(): Promise<void>
}

/** The state directory cannot be used, by this process now or by this version at all. Its files were not touched. */
export class StateError extends Error {
  override readonly name = 'StateError'
}

export interface PersistenceEvents {
  committed(seconds: number): void
  failed(): void
  up(up: boolean): void
}

/** The disk of the state, its locks and its clock. */
export type StoreMachine = Pick<OpenOptions, 'files' | 'locks' | 'now'>

export interface PersistenceOptions {
  /** If undefined, no state is kept. */
  readonly dir: string | undefined
  readonly events: PersistenceEvents
  readonly log: Log
  readonly machine?: StoreMachine | undefined
  /** Writes nothing, and reads the state while another process may write it. */
  readonly readOnly?: boolean | undefined
}

/** @throws StateError */
export async function openPersistence(options: PersistenceOptions): Promise<Persistence> {
  const { dir, events, log, machine } = options
  if (dir === undefined) {
    events.up(false)
    return createPersistence(named(new State()), undefined, options)
  }
  if (options.readOnly === true) return createPersistence(named(await readOnly(dir, options)), undefined, options)
  // Loaded only if state is kept, so that `once` without a state directory starts sooner.
  const { openJournal } = await import('../store/open-journal.js')
  let state = new State()
  const stored = {
    heading: state.heading,
    everything: () => state.everything(),
    take(heading: State['heading'], changes: Iterable<Change>) {
      state = new State()
      state.load(heading, changes)
    },
  }
  const opening = openJournal(dir, stored, {
    ...machine,
    failed(error) {
      events.failed()
      log.warn({ dir, error }, 'the state could not be rewritten: its file stays larger than necessary')
    },
  })
  switch (opening.kind) {
    case 'locked': {
      const holder = opening.holder === undefined ? '' : ` (pid ${opening.holder})`
      throw new StateError(
        `state directory ${dir} is in use by another agent-usage-exporter${holder}; stop it or use another --state.dir`,
      )
    }
    case 'refused':
      throw new StateError(
        `cannot read the state in ${dir}: ${opening.reason}; it was left unchanged. Without it, counters would fall: fix the cause, or start with another --state.dir or --state.dir=none`,
      )
    case 'opened':
  }
  const { damage, trouble, behind } = opening
  if (damage !== undefined) {
    const kept = state.loaded ? 'its intact part is used' : 'counters are rebuilt from the logs'
    log.warn(
      { dir, reason: damage.reason, setAside: damage.setAside },
      `the stored state is damaged and was set aside: ${kept}, and later usage from deleted logs is lost`,
    )
    events.failed()
  }
  if (trouble !== undefined) {
    log.error({ dir, reason: trouble }, 'cannot write the state: continuing without it and retrying on each pass')
  }
  events.up(trouble === undefined)
  state.behind = behind
  const recovered = await recover(dir, state, options)
  return createPersistence(
    named(state),
    { store: opening.store, troubled: trouble !== undefined, written: recovered },
    options,
  )
}

/** The stored state, including what was set aside. @throws StateError if it cannot be read */
async function readOnly(dir: string, options: PersistenceOptions): Promise<State> {
  const { readStored } = await import('../store/read-stored.js')
  let state = new State()
  const take = (heading: State['heading'], changes: Iterable<Change>): void => {
    state = new State()
    state.load(heading, changes)
  }
  try {
    readStored(dir, { take }, options.machine?.files)
  } catch (error) {
    throw new StateError(
      `cannot read the state in ${dir}: ${reasonOf(error)}; --state.dir=none uses only the logs, without those that were deleted`,
      { cause: error },
    )
  }
  await recover(dir, state, options)
  return state
}

/** Joins the usage of states that were set aside and can now be read. Returns what to call once that is stored. */
async function recover(dir: string, state: State, { machine, log }: PersistenceOptions): Promise<() => void> {
  const { files = FILE_CALLS } = machine ?? {}
  const { readSetAsides, renameRecovered } = await import('../store/set-aside.js')
  const paths = readSetAsides(files, dir, (heading, changes) => {
    const other = new State()
    other.load(heading, changes)
    absorb(state, other)
  })
  for (const path of paths) log.warn({ path }, 'recovered a state that was set aside: its usage is counted')
  return () => {
    for (const path of paths.splice(0)) renameRecovered(files, path)
  }
}

function named(state: State): State {
  if (state.instance === '') state.instance = randomUUID()
  return state
}

interface Kept {
  readonly store: Store
  /** Nothing could be written at the start. */
  readonly troubled: boolean
  /** Must be called when everything known has been written. */
  readonly written: () => void
}

function createPersistence(
  state: State,
  kept: Kept | undefined,
  { dir, events, log }: PersistenceOptions,
): Persistence {
  let failing = kept?.troubled === true
  let commits = 0

  function commit(): void {
    if (kept === undefined) {
      state.saved()
      commits += 1
      return
    }
    const changes = [...state.changes()]
    if (changes.length === 0) {
      // Everything that was recovered was already known.
      kept.written()
      return
    }
    const start = performance.now()
    try {
      kept.store.commit(changes)
    } catch (error) {
      kept.store.fallBehind()
      events.failed()
      events.up(false)
      if (!failing)
        log.error(
          { dir, reason: reasonOf(error) },
          'cannot write the state: continuing without it and retrying on each pass',
        )
      failing = true
      commits += 1
      return
    }
    state.saved()
    commits += 1
    kept.written()
    events.committed((performance.now() - start) / 1000)
    events.up(true)
    if (failing) log.info({}, 'the state is being written again')
    failing = false
  }

  return {
    state,
    commit,
    commits: () => commits,
    stored: () => !failing,
    async close() {
      await kept?.store.close()
    },
  }
}

/** The message of the disk's error. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown }
  return cause instanceof Error ? cause.message : String(cause)
}
