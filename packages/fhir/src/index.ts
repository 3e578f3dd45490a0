export * from './draft.ts'
export * from './json.ts'
export * from './types.ts'
