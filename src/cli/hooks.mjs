import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** @import { LoadHook, LoadHookContext, ResolveHook, ResolveHookContext } from 'node:module' */
/** @import { Service } from 'ts-node' */

/** @type {Promise<Service> | undefined} */
let compiler;

/** Takes neither tsconfig.json nor TypeScript from the current directory: a user's project may have others. */
async function createCompiler() {
  const { create } = (await import('ts-node')).default;
  return create({
    compiler: createRequire(import.meta.url).resolve('typescript'),
    skipProject: true,
    transpileOnly: true,
    compilerOptions: { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', sourceMap: true },
  });
}

/**
 * Finds `x.ts` where `x.js` or `x` was asked for and is not there.
 * @param {string} specifier
 * @param {ResolveHookContext} context
 * @param {Parameters<ResolveHook>[2]} nextResolve
 */
export async function resolve(specifier, context, nextResolve) {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    for (const candidate of candidates(specifier)) {
      try {
        return await nextResolve(candidate, context);
      } catch {
        // The first error names what the author wrote.
      }
    }
    throw error;
  }
}

/** @param {string} specifier */
function candidates(specifier) {
  if (!/^(\.{0,2}\/|\.\.?$|file:)/.test(specifier)) return [];
  if (/\.m?js$/.test(specifier)) return [specifier.replace(/js$/, 'ts')];
  return [`${specifier}.ts`, `${specifier}/index.ts`];
}

/**
 * Compiles TypeScript to an ES module, whatever the nearest package.json says: adapters are written with `import`.
 * @param {string} url
 * @param {LoadHookContext} context
 * @param {Parameters<LoadHook>[2]} nextLoad
 */
export async function load(url, context, nextLoad) {
  if (!/^file:[^?#]*\.m?ts([?#]|$)/.test(url)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  compiler ??= createCompiler();
  const service = await compiler;
  return { format: 'module', shortCircuit: true, source: compile(service, await readFile(path, 'utf8'), path) };
}

/**
 * @param {Service} service
 * @param {string} source
 * @param {string} path
 */
function compile(service, source, path) {
  try {
    return service.compile(source, path);
  } catch (error) {
    // ts-node's own error class does not survive the way from the hooks' thread to the main one.
    const { diagnosticText, message } = /** @type {{ diagnosticText?: string, message: string }} */ (error);
    // eslint-disable-next-line preserve-caught-error -- nor does it as a cause
    throw new SyntaxError(`${path} does not compile\n${diagnosticText ?? message}`);
  }
}
