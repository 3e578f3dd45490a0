/**
 * The right side of a message: the resources that it made, as JSON, with a mark on each element
 * that came from a leaf. An element that no leaf made (a constant of a rule) has no mark.
 */
import { isObject } from '@almoner/fhir'
import type { Explained } from './explained.ts'
import type { LinkedSides } from './linked-sides.ts'
import { escapeHtml, shorten } from './safe-html.ts'

export type FhirSide = {
  readonly resources: readonly {
    readonly name: string
    readonly title: string
    readonly html: string
  }[]
  /** Id on the page of the element at a target path, where it could be found. */
  readonly elementOfTarget: ReadonlyMap<string, string>
}

const VALUE_CHARS_MAX = 400
const INDENT_MAX = 12

type Marks = {
  readonly sides: LinkedSides
  readonly elements: Map<string, string>
  readonly nameOf: (target: string) => string
}

export function renderFhirSide(
  explained: Explained,
  sides: LinkedSides,
  nameOf: (target: string) => string,
): FhirSide {
  const elements = new Map<string, string>()
  const marks: Marks = { sides, elements, nameOf }
  const resources = explained.drafts.map(({ name, resource }) => ({
    name,
    title: nameOf(name),
    html: renderValue(marks, resource, { path: name, prefix: '', suffix: '', depth: 0 }).join(''),
  }))
  return { resources, elementOfTarget: elements }
}

type Place = {
  readonly path: string
  /** HTML before the value on its first line (the key) and after it on its last (a comma). */
  readonly prefix: string
  readonly suffix: string
  readonly depth: number
}

const line = (depth: number, html: string): string =>
  `<div class="json-line json-indent-${Math.min(depth, INDENT_MAX)}">${html}</div>`

function renderValue(marks: Marks, value: unknown, place: Place): readonly string[] {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => ({
      item,
      path: `${place.path}[${index}]`,
      prefix: '',
    }))
    return renderBlock(marks, items, place, '[', ']')
  }
  if (isObject(value)) {
    const items = Object.entries(value).map(([key, item]) => ({
      item,
      path: `${place.path}.${key}`,
      prefix: keyHtml(marks, key, `${place.path}.${key}`, item),
    }))
    return renderBlock(marks, items, place, '{', '}')
  }
  const { text, leftOutCount } = shorten(JSON.stringify(value) ?? 'null', VALUE_CHARS_MAX)
  const shown = mark(marks, place.path, escapeHtml(text), 'json-value')
  const rest = leftOutCount === 0 ? '' : leftOut(leftOutCount)
  return [line(place.depth, `${place.prefix}${shown}${rest}${place.suffix}`)]
}

export const leftOut = (count: number): string =>
  ` <span class="left-out">(${count.toLocaleString('en-GB')} more characters)</span>`

function renderBlock(
  marks: Marks,
  items: readonly { readonly item: unknown; readonly path: string; readonly prefix: string }[],
  place: Place,
  open: string,
  close: string,
): readonly string[] {
  const depth = place.depth + 1
  const inner = items.flatMap(({ item, path, prefix }, index) =>
    renderValue(marks, item, {
      path,
      prefix,
      suffix: index === items.length - 1 ? '' : ',',
      depth,
    }),
  )
  return [
    line(place.depth, `${place.prefix}${open}`),
    ...inner,
    line(place.depth, `${close}${place.suffix}`),
  ]
}

/** A leaf that made a whole object or list marks its key; one that made a value marks the value. */
function keyHtml(marks: Marks, key: string, path: string, item: unknown): string {
  const name = `<span class="json-key">&quot;${escapeHtml(key)}&quot;</span>`
  const isWhole = typeof item === 'object' && item !== null
  return `${isWhole ? mark(marks, path, name, 'json-whole') : name}: `
}

function mark(marks: Marks, path: string, html: string, className: string): string {
  const leafIds = marks.sides.leavesOfTarget.get(path)
  if (leafIds === undefined) return html
  const id = `element-${marks.elements.size}`
  marks.elements.set(path, id)
  const label = escapeHtml(marks.nameOf(path))
  return (
    `<a class="element ${className}" id="${id}" href="#${leafIds[0]}" ` +
    `data-partners="${leafIds.join(' ')}" data-label="${label}">${html}</a>`
  )
}
