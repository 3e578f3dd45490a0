/** How long to wait before the next attempt. */
import type { Random } from '@almoner/core'

export type Backoff = {
  readonly firstMs: number
  readonly factor: number
  readonly mostMs: number
}

export const BACKOFF: Backoff = { firstMs: 1_000, factor: 2, mostMs: 60_000 }

/**
 * Grows by `factor` up to `mostMs`, less a random part of up to half, so that many waiting senders
 * do not come back at the same instant. `attempt` is 1 after the first failure.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: Random): number {
  // 2^40 is far past any ceiling: the bound keeps the power finite.
  const grown = backoff.firstMs * backoff.factor ** Math.min(attempt - 1, 40)
  const most = Math.min(backoff.mostMs, grown)
  return Math.round(most * (1 - random.unit() / 2))
}
