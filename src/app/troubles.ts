// Describes the current troubles, with the same words on the page, in its JSON and at `/-/ready`.
import type { PushFailure } from '../metrics/push-telemetry.js'
import { escapedLine } from '../process/log.js'
import type { RootAccess } from './access.js'
import { isDenied } from './denial.js'

export interface Trouble {
  /** The path it is about, if any. */
  readonly path?: string
  readonly text: string
}

export interface Circumstances {
  readonly roots: readonly RootAccess[]
  /**
   * Whether any response of the agent has ever been counted. Agents delete old logs, so missing logs are then not a
   * trouble.
   */
  readonly counted: (agent: string) => boolean
  /** Whether the state directory accepts writes; true if no state is kept. */
  readonly stored: boolean
  /** Whether the settings in use are those of the files. */
  readonly configured: boolean
  /** Why the last push was not accepted in full; undefined if it was, or if nothing is pushed. */
  readonly pushFailure?: PushFailure | undefined
}

export function troublesOf({ roots, counted, stored, configured, pushFailure }: Circumstances): readonly Trouble[] {
  const any = roots.some(({ access }) => access !== 'missing')
  const agents = [...new Set(roots.map(({ agent }) => agent))]
  const isFine = ({ agent, named, access }: RootAccess): boolean =>
    // Not all defaults need to exist, or to be used if another agent is.
    (access === 'missing' && !named && any) || (access === 'empty' && (named ? counted(agent) : agents.some(counted)))
  // A list of all default directories would hide other troubles.
  const unused = !any && agents.length > 1 && !roots.some(({ named }) => named)
  return [
    ...(unused ? [{ text: `no logs in the default directories of ${agents.join(', ')}` }] : []),
    ...roots.flatMap((root) => (unused || isFine(root) ? [] : troubleWith(root))),
    ...(stored
      ? []
      : [{ text: 'the state directory cannot be written: a restart forgets what is counted from now on' }]),
    ...(configured
      ? []
      : [
          {
            text: 'the configuration or price file has a mistake: the previous settings stay in use, and the log says where',
          },
        ]),
    ...(pushFailure === undefined
      ? []
      : [{ text: `the last push was not accepted: ${REFUSAL[pushFailure]}; the next one carries everything` }]),
  ]
}

const REFUSAL: Readonly<Record<PushFailure, string>> = {
  connect: 'the receiver cannot be reached',
  timeout: 'the receiver did not answer in time',
  auth: 'the receiver refused the credentials',
  rejected: 'the receiver rejected it (see the log)',
  partial: 'the receiver rejected part of it (see the log)',
  server: 'the receiver answered with an error',
}

export const lineOf = ({ path, text }: Trouble): string => (path === undefined ? text : `${escapedLine(path)}: ${text}`)

function troubleWith({ access, path, reason = '', unreadFiles, unreadPlaces }: RootAccess): readonly Trouble[] {
  const amount = [...amountOf(unreadFiles, 'file'), ...amountOf(unreadPlaces, 'folder')].join(' and ')
  switch (access) {
    case 'missing':
      return [{ path, text: 'no such directory' }]
    case 'empty':
      return [{ path, text: 'no log files yet' }]
    case 'unreachable':
      return [
        { path, text: `${isDenied(reason) ? 'permission denied: ' : ''}the directory cannot be entered or listed` },
      ]
    case 'unreadable':
      return [{ path, text: `nothing in it can be read: ${amount}` }]
    case 'partial':
      return [{ path, text: `${amount} cannot be read` }]
    case 'read':
      return []
  }
}

const amountOf = (amount: number, noun: string): string[] =>
  amount === 0 ? [] : [`${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`]
