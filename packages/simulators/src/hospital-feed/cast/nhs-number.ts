/**
 * NHS numbers that belong to nobody: the range 999 000 0000 to 999 999 9999 is kept for testing.
 * Source: NHS Data Model and Dictionary, NHS NUMBER (Modulus 11 check digit).
 */

/** How many persons can have a number of their own. */
export const PERSONS_MAX = 900_000

/** Check digit of nine digits, or undefined where Modulus 11 gives 10 (such a number is void). */
export function nhsNumberCheckDigit(nineDigits: string): string | undefined {
  const sum = [...nineDigits].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0)
  const check = (11 - (sum % 11)) % 11
  return check === 10 ? undefined : String(check)
}

export const isNhsNumber = (text: string): boolean =>
  /^\d{10}$/.test(text) && nhsNumberCheckDigit(text.slice(0, 9)) === text[9]

/**
 * The number of one person, 0 to PERSONS_MAX - 1; no two persons share one. Of the ten numbers
 * that differ in the ninth digit alone at most one is void, so nine of each ten are used.
 */
export function nhsNumberOf(person: number): string {
  // 61,927 shares no factor with 100,000: neighbours get numbers far apart and none repeats.
  const middle = String(((person % 100_000) * 61_927 + 4_711) % 100_000).padStart(5, '0')
  const usable: string[] = []
  for (let digit = 0; digit <= 9; digit++) {
    const nine = `999${middle}${digit}`
    const check = nhsNumberCheckDigit(nine)
    if (check !== undefined) usable.push(nine + check)
  }
  const number = usable[Math.floor(person / 100_000)]
  if (number === undefined) throw new RangeError(`person ${person} is beyond ${PERSONS_MAX}`)
  return number
}
