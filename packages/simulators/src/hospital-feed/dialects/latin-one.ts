/** Text for a system that knows ISO 8859-1 only. */

/** Letters whose stroke is no accent, so that taking them apart does not free the letter. */
const STROKED: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' }

/** Keeps what ISO 8859-1 can write, as é; writes the plain letter for what it cannot, as ŵ. */
export function latinOne(text: string): string {
  return [...text.normalize('NFC')]
    .map((character) => {
      if (character.charCodeAt(0) <= 0xff && character.length === 1) return character
      const letter = STROKED[character] ?? character.normalize('NFD').replaceAll(/\p{M}/gu, '')
      return letter.charCodeAt(0) <= 0xff && letter.length === 1 ? letter : '?'
    })
    .join('')
}
