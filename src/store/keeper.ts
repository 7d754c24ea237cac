// Keeps the state: loads it at the start, commits what changed, and goes on without a disk when it must.
import { State } from '../core/state.js'
import type { Log } from '../log.js'
import type { Store } from './store.js'

export interface Keeper {
  readonly state: State
  /**
   * Writes what changed since the last commit, if anything did. When the disk refuses, says so once, and the next call
   * tries again with everything.
   */
  readonly commit: () => void
  close(): Promise<void>
}

/** Another process uses the state directory. */
export class StateInUseError extends Error {
  override readonly name = 'StateInUseError'
}

export interface KeeperEvents {
  committed(seconds: number): void
  failed(): void
  up(up: boolean): void
}

/**
 * @param dir undefined: nothing is kept
 * @throws StateInUseError
 */
export async function openKeeper(dir: string | undefined, events: KeeperEvents, log: Log): Promise<Keeper> {
  if (dir === undefined) {
    events.up(false)
    return createKeeper(new State(), undefined, events, log)
  }
  // Loaded only when something is kept: `once` without a state directory starts sooner.
  const { openLmdbStore } = await import('./lmdb.js')
  let state = new State()
  const opening = await openLmdbStore(dir, (pages) => {
    state = new State()
    state.load(pages)
  })
  switch (opening.kind) {
    case 'locked': {
      const holder = opening.holder === undefined ? '' : ` (pid ${opening.holder})`
      throw new StateInUseError(`state directory ${dir} is in use by another agent-usage-exporter${holder}; stop it or give another --state.dir`)
    }
    case 'unavailable':
      log.error({ dir, reason: opening.reason }, 'cannot keep state: counters will be rebuilt from the logs at each start')
      events.failed()
      events.up(false)
      return createKeeper(new State(), undefined, events, log)
    case 'rebuilt':
      log.warn(
        { dir, reason: opening.reason, setAside: opening.setAside },
        'stored state could not be read and was set aside; rebuilding from the logs, so usage of deleted logs is lost',
      )
      events.failed()
      break
    case 'opened':
  }
  events.up(true)
  return createKeeper(state, opening.store, events, log)
}

function createKeeper(state: State, store: Store | undefined, events: KeeperEvents, log: Log): Keeper {
  let failing = false

  function commit(): void {
    if (store === undefined) {
      state.saved()
      return
    }
    const changes = [...state.changes()]
    if (changes.length === 0) return
    const start = performance.now()
    try {
      store.commit(changes)
    } catch (error) {
      events.failed()
      events.up(false)
      if (!failing) log.error({ error }, 'cannot write the state: going on without, and trying again with each pass')
      failing = true
      // A disk that is full must not keep new series at 0.
      state.totals.series.seenIsStored()
      return
    }
    state.saved()
    events.committed((performance.now() - start) / 1000)
    events.up(true)
    if (failing) log.info({}, 'the state is written again')
    failing = false
  }

  return {
    state,
    commit,
    async close() {
      await store?.close()
    },
  }
}
