/**
 * Joins the two sides of a message: hovering, focusing or pressing a value shows its partners on
 * the other side and says what links them. Without this module each value is a plain link to its
 * partner. Source: WAI-ARIA Authoring Practices, "roving tabindex".
 */

function join(
  sides: HTMLElement,
  status: HTMLElement,
  panes: readonly [HTMLElement, HTMLElement],
): void {
  let marked: readonly HTMLElement[] = []
  let pinned: HTMLElement | undefined

  function mark(value: HTMLElement | undefined): void {
    for (const one of marked) one.classList.remove('linked', 'linked-source')
    marked = []
    if (value === undefined) return
    value.classList.add('linked-source')
    const partners = partnersOf(value)
    for (const one of partners) one.classList.add('linked')
    marked = [value, ...partners]
    const told = [value, ...partners].map((one) => one.dataset['told'])
    const text = told.filter((one) => one !== undefined).join(' · ')
    if (text !== '' && status.textContent !== text) status.textContent = text
  }

  /** Brings partners into sight in their own pane; the page itself stays where it is. */
  function reveal(value: HTMLElement): void {
    const first = partnersOf(value)[0]
    const pane = first?.closest<HTMLElement>('.side')
    if (first === undefined || pane === null || pane === undefined) return
    const inner = first.getBoundingClientRect()
    const outer = pane.getBoundingClientRect()
    if (inner.top >= outer.top && inner.bottom <= outer.bottom) return
    pane.scrollTop += inner.top - outer.top - outer.height / 3
  }

  sides.addEventListener('mouseover', (event) => mark(valueAt(event.target) ?? pinned))
  sides.addEventListener('mouseleave', () => mark(pinned))
  sides.addEventListener('focusin', (event) => {
    const value = valueAt(event.target)
    if (value === undefined) return
    pinned = value
    rove(value)
    mark(value)
    reveal(value)
  })
  sides.addEventListener('click', (event) => {
    const value = valueAt(event.target)
    if (value === undefined || partnersOf(value).length === 0) return
    // From the keyboard Enter goes to the partner; the mouse only pins, so the eye stays put.
    event.preventDefault()
    if (event.detail === 0) partnersOf(value)[0]?.focus()
    else value.focus({ preventScroll: true })
  })
  for (const pane of panes) {
    pane.addEventListener('keydown', (event) => {
      const next = nextValue(pane, event)
      if (next === undefined) return
      event.preventDefault()
      next.focus()
    })
    const first = valuesOf(pane)[0]
    for (const value of valuesOf(pane)) value.tabIndex = value === first ? 0 : -1
  }
  sides.classList.add('sides--live')
}

const valuesOf = (pane: ParentNode): readonly HTMLElement[] => [
  ...pane.querySelectorAll<HTMLElement>('a.leaf, a.element'),
]

const valueAt = (target: EventTarget | null): HTMLElement | undefined =>
  target instanceof Element
    ? (target.closest<HTMLElement>('a.leaf, a.element') ?? undefined)
    : undefined

function partnersOf(value: HTMLElement): readonly HTMLElement[] {
  const ids = (value.dataset['partners'] ?? '').split(' ').filter((id) => id !== '')
  return ids.map((id) => document.getElementById(id)).filter((one) => one !== null)
}

/** One value of a pane is in the tab order: the one that had the focus last. */
function rove(value: HTMLElement): void {
  const pane = value.closest<HTMLElement>('.side')
  for (const one of pane?.querySelectorAll<HTMLElement>('[tabindex="0"]') ?? []) one.tabIndex = -1
  value.tabIndex = 0
}

/** Left and right go by value, up and down by line, Home and End to the edges. */
function nextValue(pane: HTMLElement, event: KeyboardEvent): HTMLElement | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const values = valuesOf(pane)
  const current = valueAt(event.target)
  if (current === undefined) return undefined
  const at = values.indexOf(current)
  switch (event.key) {
    case 'ArrowRight':
      return values[at + 1] ?? current
    case 'ArrowLeft':
      return values[at - 1] ?? current
    case 'ArrowDown':
      return values.slice(at + 1).find((one) => lineOf(one) !== lineOf(current)) ?? current
    case 'ArrowUp':
      return (
        firstOfLine(
          values,
          values.slice(0, at).findLast((one) => lineOf(one) !== lineOf(current)),
        ) ?? current
      )
    case 'Home':
      return values[0]
    case 'End':
      return values.at(-1)
    default:
      return undefined
  }
}

const lineOf = (value: HTMLElement): Element | null => value.closest('.segment, .json-line')

const firstOfLine = (
  values: readonly HTMLElement[],
  value: HTMLElement | undefined,
): HTMLElement | undefined =>
  value === undefined ? undefined : values.find((one) => lineOf(one) === lineOf(value))

const sides = document.querySelector<HTMLElement>('#linked-sides')
const status = document.querySelector<HTMLElement>('#link-status')
const left = document.querySelector<HTMLElement>('#message-side')
const right = document.querySelector<HTMLElement>('#fhir-side')
if (sides !== null && status !== null && left !== null && right !== null) {
  join(sides, status, [left, right])
}

export {}
