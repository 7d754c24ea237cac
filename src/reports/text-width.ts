// Computes how many columns of a terminal a text takes.

const NO_WIDTH = /[\p{Mark}\p{Cf}]/u
const TWO_COLUMNS =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60]/u

/** An approximation for labels: marks take no column; East Asian characters and emoji take two. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** The text in at most this many columns, cut with an ellipsis if it is wider. */
export function fitted(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let kept = ''
  let width = 1
  for (const character of text) {
    width += widthOf(character)
    if (width > columns) break
    kept += character
  }
  return `${kept}…`
}

function widthOf(character: string): number {
  if (NO_WIDTH.test(character)) return 0
  return TWO_COLUMNS.test(character) ? 2 : 1
}
