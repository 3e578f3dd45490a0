export * from './contract.ts'
export { STORE_ERRORS } from './errors.ts'
export {
  DATABASE_FILE,
  KEYRING_FILE,
  openSqliteStore,
  type SqliteStoreOptions,
} from './sqlite-store.ts'
