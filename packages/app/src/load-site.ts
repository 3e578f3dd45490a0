/** Loads a site from its file. A site is code of the one who runs it, so loading it runs it. */

import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Site } from '@almoner/engine'
import { APP_ERRORS } from './app.errors.ts'

/** What a site may ask of where it runs. */
export type SiteEnvironment = {
  /** The port of a named listener or neighbour: the usual one, unless the caller set another. */
  readonly port: (name: string, usual: number) => number
}

export const usualPorts: SiteEnvironment = { port: (_name, usual) => usual }

/** The site, and where its data lies. */
export type LoadedSite = { readonly site: Site; readonly file: string }

/**
 * `path` is a site file or a folder that holds `site.ts`. The file's default export is what
 * `defineSite` gave, or a function of SiteEnvironment that gives it.
 * @throws APP_SITE_NOT_FOUND, APP_SITE_UNREADABLE, ENGINE_SITE_INVALID and what the site throws
 */
export async function loadSite(path: string, environment: SiteEnvironment): Promise<LoadedSite> {
  const given = resolve(path)
  const file = existsSync(given) && statSync(given).isDirectory() ? join(given, 'site.ts') : given
  if (!existsSync(file)) throw APP_ERRORS.error('APP_SITE_NOT_FOUND', { where: path })
  // The module is the site author's; what matters of its shape is checked below.
  const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown }
  const exported = module.default
  const site: unknown = typeof exported === 'function' ? exported(environment) : exported
  if (!isSite(site)) throw APP_ERRORS.error('APP_SITE_UNREADABLE', { where: path })
  return { site, file }
}

/** Only `defineSite` gives a window, so what has one was checked by it. */
const isSite = (value: unknown): value is Site =>
  typeof value === 'object' && value !== null && 'routes' in value && 'repeatWindowMs' in value

/** The folder of `sqlite:FOLDER`, relative to the folder where the command was started. */
export function storageFolder(site: Site): string {
  const [kind, folder] = site.storage.split(/:(.*)/s)
  if (kind !== 'sqlite' || folder === undefined || folder === '') {
    throw APP_ERRORS.error('APP_SITE_UNREADABLE', {
      where: `storage of ${site.name}: expected sqlite:FOLDER`,
    })
  }
  return resolve(folder)
}
