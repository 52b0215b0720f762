/** A hook of Node.js: finds a module of another app where that app has it. */

/**
 * @typedef {{parentURL?: string}} Context
 * @typedef {(specifier: string, context: Context) => unknown} Next
 */

/**
 * @param {string} specifier
 * @param {Context} context
 * @param {Next} next
 */
export function resolve(specifier, context, next) {
  const [, root, own] = /^(.*\/)(\w+)\/static\//.exec(context.parentURL ?? "") ?? [];
  if (root && specifier.startsWith(".")) {
    const { href } = new URL(specifier, context.parentURL);
    const [, app, path] = /\/static\/(\w+)\/(.*)$/.exec(href) ?? [];
    if (app && app !== own) return next(`${root}${app}/static/${app}/${path}`, context);
  }
  return next(specifier, context);
}
