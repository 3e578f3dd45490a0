/**
 * URIs for numbers and codes that belong to one sender. A name alone ("RXX", "WinPath") is not
 * unique in the world, so it gets a URN of this engine; a URI or OID that the sender states is
 * used as it is. A site can give the real URI for a name in its context. Source: RFC 8141 (URN).
 */
import type { Sender } from './sender.ts'

const AUTHORITY = 'urn:almoner:authority:'
const CODES = 'urn:almoner:codes:'
const LOCATION = 'urn:almoner:location:'

/** As part of a URN: anything but plain letters, digits and `-._` is percent-encoded. */
export function urnPart(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isPlain =
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a) ||
      code === 0x2d ||
      code === 0x2e ||
      code === 0x5f
    if (!isPlain) return encodeURIComponent(text.toWellFormed())
  }
  return text
}

const stated = (names: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined

/**
 * Words that senders write where an authority belongs, although they only say what kind of number
 * it is. Every trust writes the same word, so the sender is made part of the system; otherwise
 * visit 2139 of one trust would be visit 2139 of another.
 */
const KINDS: ReadonlySet<string> = new Set(['VISITID', 'VISIT', 'VN', 'MRN', 'MR', 'PI', 'LOCAL'])

/** The system of numbers that an authority, known by name, gives out. */
export function authoritySystem(sender: Sender, name: string): string {
  const known = stated(sender.authorities, name)
  if (known !== undefined) return known
  return KINDS.has(name.toUpperCase())
    ? `${AUTHORITY}${urnPart(sender.organisation)}:${urnPart(name)}`
    : AUTHORITY + urnPart(name)
}

/** The system of numbers that come without an authority: those of the sender. */
export const ownSystem = (sender: Sender): string => authoritySystem(sender, sender.organisation)

/** The system of codes that the sender calls `name`, or of a field where it names none. */
export const localCodes = (sender: Sender, name: string): string =>
  stated(sender.codeSystems, name) ?? `${CODES}${urnPart(sender.organisation)}:${urnPart(name)}`

/** The system of the places that an organisation names. */
export const locationSystem = (organisation: string): string => LOCATION + urnPart(organisation)

/**
 * The system of the numbers that this engine makes from an order number, for reports and results
 * that have none of their own.
 * @param system of the order number
 */
export const derivedSystem = (kind: 'report' | 'observation', system: string): string =>
  system.startsWith(AUTHORITY)
    ? `urn:almoner:${kind}:${system.slice(AUTHORITY.length)}`
    : `urn:almoner:${kind}:${urnPart(system)}`
