/**
 * Formatting commands inside FT, TX and NTE text, as plain text: what breaks a line breaks it,
 * what moves to the right becomes spaces, what only concerns the layout disappears.
 * Source: HL7 v2.5.1 chapter 2.7.6.
 */

/** A command that asks for more than this is no layout; it stays as written. */
const COUNT_MAX = 99

/**
 * @param command between the escape characters, `.sp3`; capitals or not
 * @returns undefined when it is not a formatting command
 */
export function formattingText(command: string): string | undefined {
  if (command.length > 6) return undefined
  const found = /^\.(br|ce|fi|nf|sp|sk|in|ti)([+-]?)(\d{1,2})?$/i.exec(command)
  if (found === null) return undefined
  const [, name = '', sign = '', digits] = found
  const count = Math.min(Number(digits ?? 1), COUNT_MAX)
  switch (name.toLowerCase()) {
    case 'br':
    case 'ce':
      return sign === '' && digits === undefined ? '\n' : undefined
    case 'fi':
    case 'nf':
      return sign === '' && digits === undefined ? '' : undefined
    case 'sp':
      return sign === '-' ? undefined : '\n'.repeat(count)
    case 'sk':
      return sign === '-' ? undefined : ' '.repeat(count)
    default:
      // An indent concerns every later line: the words stay, the margin does not.
      return sign !== '' && digits === undefined ? undefined : ''
  }
}
