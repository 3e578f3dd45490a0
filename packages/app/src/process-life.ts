/** How a long-running command ends: on a signal, or because it cannot go on. */

export type Ending = {
  /** Resolves on the first SIGINT or SIGTERM, or when `fail` is called. */
  readonly ended: Promise<{ readonly failure: unknown } | undefined>
  readonly fail: (error: unknown) => void
}

/** A second signal ends the process at once; the journal keeps what that leaves unfinished. */
export function watchForEnd(): Ending {
  let end: (how: { readonly failure: unknown } | undefined) => void = () => undefined
  const ended = new Promise<{ readonly failure: unknown } | undefined>((resolve) => {
    end = resolve
  })
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1
      if (signals > 1) process.exit(1)
      end(undefined)
    })
  }
  return { ended, fail: (failure) => end({ failure }) }
}
