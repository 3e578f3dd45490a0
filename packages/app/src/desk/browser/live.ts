/**
 * Keeps the message list live: hears which messages changed and asks for the rows again. Without
 * this module the list is the same, only still. Source: WHATWG HTML "Server-sent events",
 * WCAG 2.2 criterion 2.2.2 (what updates by itself can be paused).
 */

/** At most one refresh in this time: each is a look at the list, and audited as one. */
const REFRESH_MS = 2_000

const table = document.querySelector<HTMLTableElement>('#message-list[data-live]')
const controls = document.querySelector<HTMLElement>('#live')
const state = document.querySelector<HTMLElement>('#live-state')
const toggle = document.querySelector<HTMLButtonElement>('#live-toggle')
if (table !== null && controls !== null && state !== null && toggle !== null) {
  keepLive(table, controls, state, toggle)
}

function keepLive(
  table: HTMLTableElement,
  controls: HTMLElement,
  state: HTMLElement,
  toggle: HTMLButtonElement,
): void {
  let feed: EventSource | undefined
  let timer: number | undefined
  let lastMs = 0
  let isPaused = false
  const changed = new Set<string>()

  function connect(): void {
    feed ??= new EventSource(table.dataset['live'] ?? '')
    feed.onopen = () => tell('Live')
    feed.onerror = () => tell('Connecting again…')
    feed.addEventListener('change', (event) => {
      const { ids }: { readonly ids: readonly string[] } = JSON.parse(event.data)
      for (const id of ids) changed.add(id)
      schedule()
    })
  }

  function disconnect(): void {
    feed?.close()
    feed = undefined
    window.clearTimeout(timer)
    timer = undefined
  }

  function schedule(): void {
    timer ??= window.setTimeout(refresh, Math.max(0, lastMs + REFRESH_MS - performance.now()))
  }

  async function refresh(): Promise<void> {
    timer = undefined
    lastMs = performance.now()
    const response = await fetch(table.dataset['rows'] ?? '', { redirect: 'error' }).catch(
      () => undefined,
    )
    if (response?.ok !== true) {
      tell(response?.status === 401 ? 'Signed out' : 'Not reachable')
      if (response?.status === 401) disconnect()
      return
    }
    show(new DOMParser().parseFromString(await response.text(), 'text/html'))
    tell('Live')
  }

  function show(page: Document): void {
    const counters = page.querySelector('#fragment-counters')
    const rows = page.querySelector('#fragment-rows')
    if (counters === null || rows === null) return
    // What has the focus is about to be replaced by its new self.
    const focused = document.activeElement
    const focusId = focused !== null && table.contains(focused) ? focused.id : ''
    for (const row of rows.querySelectorAll<HTMLElement>('[data-message]')) {
      if (changed.has(row.dataset['message'] ?? '')) row.classList.add('row-changed')
    }
    changed.clear()
    document.querySelector('#counters')?.replaceChildren(...counters.childNodes)
    document.querySelector('#message-rows')?.replaceChildren(...rows.childNodes)
    if (focusId !== '') document.getElementById(focusId)?.focus({ preventScroll: true })
  }

  /** Said only when it differs, so that a screen reader hears a change and not a pulse. */
  function tell(text: string): void {
    if (state.textContent !== text) state.textContent = text
    state.dataset['state'] = text === 'Live' ? 'live' : 'still'
  }

  toggle.addEventListener('click', () => {
    isPaused = !isPaused
    toggle.textContent = isPaused ? 'Resume live updates' : 'Pause live updates'
    if (isPaused) {
      disconnect()
      tell('Paused')
    } else {
      connect()
      schedule()
    }
  })
  // A page that nobody sees asks for nothing.
  document.addEventListener('visibilitychange', () => {
    if (isPaused) return
    if (document.hidden) disconnect()
    else {
      connect()
      schedule()
    }
  })
  window.addEventListener('pagehide', disconnect)
  controls.hidden = false
  connect()
}

export {}
