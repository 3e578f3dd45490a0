/** One figure of the bench beside its budget and its goal (docs/ARCHITECTURE.md, Budgets). */

export type Figure = {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly budget: number | undefined
  readonly goal: number | undefined
  /** True when less is better (time, memory). */
  readonly isLessBetter?: boolean
  readonly note?: string
}

export function verdictOf({ value, budget, goal, isLessBetter = false }: Figure): string {
  const reaches = (line: number): boolean => (isLessBetter ? value <= line : value >= line)
  if (budget === undefined) return ''
  if (goal !== undefined && reaches(goal)) return 'goal'
  return reaches(budget) ? 'budget' : 'MISSED'
}

const number = (value: number | undefined): string =>
  value === undefined
    ? '–'
    : value >= 100
      ? Math.round(value).toLocaleString('en-GB')
      : String(Math.round(value * 100) / 100)

/** A Markdown table, so that it can stand in a document as it was printed. */
export function printFigures(figures: readonly Figure[]): string {
  const rows = figures.map((one) => {
    const cells = [
      one.what,
      `${number(one.value)} ${one.unit}`,
      number(one.budget),
      number(one.goal),
      verdictOf(one),
      one.note ?? '',
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| what | measured | budget | goal | reached | beside it |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
