/** Public door of the room, for proofs and for sites that embed the engine. */
export { APP_ERRORS } from './app.errors.ts'
export { createExplain } from './explain.ts'
export { type LoadedSite, loadSite, type SiteEnvironment, usualPorts } from './load-site.ts'
export { type RunningSite, type RunOptions, runSite } from './running-site.ts'
