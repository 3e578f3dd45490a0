/** Times and spans for people. Wall time of the United Kingdom, whatever the machine's zone. */

const LONG = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})

const SHORT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

const tidy = (text: string): string => text.replace(',', '')

/** `22 Nov 2026 14:01:07 GMT` */
export const longTime = (ms: number): string => tidy(LONG.format(ms))

/** `22 Nov 14:01:07` */
export const shortTime = (ms: number): string => tidy(SHORT.format(ms))

export const isoTime = (ms: number): string => new Date(ms).toISOString()

/** `45 s`, `12 min 5 s`, `3 h 12 min`, `2 d 4 h`. Negative spans count as none. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${days} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  if (minutes > 0) return `${minutes} min ${seconds % 60} s`
  return `${seconds} s`
}

/** `1.2 KB`, with 1,000 bytes to the kilobyte. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
