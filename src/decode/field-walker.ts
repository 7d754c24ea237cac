// The walker of fields, told what lines look like and which of their fields are wanted; and what it read, as values. Nothing is
// made of a field before it is asked for.
import type { FirstLook, Piece } from './first-look.js'
import { FIELD, FIELD_WORDS, FIRST_LOOK_BYTES, KIND, PIECE, type Fields } from './field-layout.js'
import { instantiate, makeRoom, type Address, type CompiledWalker, type WalkerExports } from './walker-module.js'

/** What lines look like, and what is read of them. */
export interface FieldTable {
  readonly firstLook: FirstLook
  /** All that its reader reads of a line. What a line tells is good until the next one. */
  readonly fields: Fields
}

/** What walker/lines.ts exports. */
interface Exports extends WalkerExports {
  readonly REPORT: Address
  readonly FIELDS: Address
  readonly BEGINNINGS: Address
  readonly COUNTING: Address
  readonly fieldName: () => number
  readonly addField: (of: number, length: number, below: number) => number
  readonly setJoint: (bytes: number) => void
  readonly seek: (from: number, to: number, every: boolean) => number
}

export class FieldWalker {
  readonly seek: Exports['seek']
  /** Address of the buffer's bytes. */
  readonly base: number
  /** Index in `words` of what `seek` comes to. */
  readonly report: number
  /** What JSON.parse would make of the wanted fields of the line that was read last; others are not there. */
  readonly line: object
  /** Where the bytes to look at lie. */
  buffer!: Buffer
  /** All of the memory. */
  words!: Uint32Array
  doubles!: Float64Array
  bytes!: Buffer
  readonly exports: Exports
  /** Index in `words`. */
  readonly #fields: number
  #sets = 0

  /** @throws when it was built from another layout than this program's, or when the tables have no room */
  constructor(compiled: CompiledWalker, layout: number, { fields, firstLook }: FieldTable, bytes: number) {
    this.exports = instantiate(compiled, layout) as Exports
    const { BYTES, REPORT, FIELDS, BEGINNINGS, COUNTING, seek, setJoint } = this.exports
    this.seek = seek
    this.base = BYTES.value
    this.report = REPORT.value / 4
    this.#fields = FIELDS.value / 4
    this.resize(bytes)
    this.line = this.#viewOf(fields, this.#nextSet())
    this.#write(BEGINNINGS, [...firstLook.beginnings.flatMap((way) => [...way.map(pieceOf), END]), END])
    this.#write(COUNTING, [
      ...firstLook.counting.map(({ find, and }) => textPiece(find, and === undefined ? PIECE.text : PIECE.textOfTwo)),
      END,
    ])
    setJoint(Buffer.from(firstLook.joint).readUInt32LE())
  }

  /** Gives the buffer so many bytes. What was in it is still there. */
  resize(bytes: number): void {
    makeRoom(this.exports, bytes)
    const { buffer } = this.exports.memory
    this.buffer = Buffer.from(buffer, this.base, bytes)
    this.words = new Uint32Array(buffer)
    this.doubles = new Float64Array(buffer)
    this.bytes = Buffer.from(buffer)
  }

  #nextSet(): number {
    return this.#sets++
  }

  #viewOf(fields: Fields, set: number): object {
    const properties = Object.entries(fields).map(([name, below]) => {
      const setBelow = below === true ? 0 : this.#nextSet()
      const length = this.bytes.write(name, this.exports.fieldName())
      const row = this.#fields + this.exports.addField(set, length, setBelow) * FIELD_WORDS
      const view = below === true ? undefined : this.#viewOf(below, setBelow)
      return [name, { enumerable: true, get: this.#valueOf(row, view) }] as const
    })
    return Object.create(null, Object.fromEntries(properties)) as object
  }

  #valueOf(row: number, view: object | undefined): () => unknown {
    // The last text, and its number: most are those of the line before.
    let text = ''
    let known = 0
    return () => {
      const words = this.words
      const kind = words[row]
      if (kind === 0) return undefined
      if (kind === KIND.number) return this.doubles[(row + FIELD.number) / 2]
      if (kind === KIND.object) return view
      const from = words[row + FIELD.from]!
      const to = words[row + FIELD.to]!
      if (kind !== KIND.text) return JSON.parse(this.bytes.toString('utf8', from, to)) as unknown
      if (words[row + FIELD.text] !== known) {
        text = this.bytes.toString('latin1', from + 1, to - 1)
        known = words[row + FIELD.text]!
      }
      return text
    }
  }

  #write({ value: address }: Address, pieces: readonly Buffer[]): void {
    const table = Buffer.concat(pieces)
    if (table.length > FIRST_LOOK_BYTES) throw new RangeError(`a first look of ${table.length} bytes`)
    table.copy(this.bytes, address)
  }
}

const END = Buffer.of(PIECE.end, 0)

function pieceOf(piece: Piece): Buffer {
  if (typeof piece === 'string') return textPiece(piece, PIECE.text)
  return 'any' in piece ? Buffer.of(PIECE.any, piece.any) : Buffer.of(PIECE.digits, 0)
}

function textPiece(text: string, kind: number): Buffer {
  return Buffer.concat([Buffer.of(kind, Buffer.byteLength(text)), Buffer.from(text)])
}
