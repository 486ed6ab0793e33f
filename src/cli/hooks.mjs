import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

/** @import { LoadHook, LoadHookContext, ResolveHook, ResolveHookContext } from 'node:module' */
/** @import { Service } from 'ts-node' */

/** @type {Promise<Service> | undefined} */
let compiler;

/** What tells one version of TypeScript from another. @type {Promise<string> | undefined} */
let compilerPackage;

const require = createRequire(import.meta.url);
const COMPILER_OPTIONS = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', sourceMap: true };

/** Only a checkout has it; without it everything works, and starts a second later. */
const CACHE = new URL('../../node_modules/.cache/paxcheck/', import.meta.url);

/** Takes neither tsconfig.json nor TypeScript from the current directory: a user's project may have others. */
async function createCompiler() {
  const { create } = (await import('ts-node')).default;
  return create({
    compiler: require.resolve('typescript'),
    skipProject: true,
    transpileOnly: true,
    compilerOptions: COMPILER_OPTIONS,
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
  const text = await readFile(path, 'utf8');
  return { format: 'module', shortCircuit: true, source: await cached(text, path) };
}

/**
 * What was compiled before is not compiled again: that saves loading TypeScript.
 * @param {string} text
 * @param {string} path
 */
async function cached(text, path) {
  compilerPackage ??= readFile(require.resolve('typescript/package.json'), 'utf8');
  const key = createHash('sha256').update(JSON.stringify([await compilerPackage, COMPILER_OPTIONS, path, text])).digest('hex');
  const file = new URL(`${key}.mjs`, CACHE);
  try {
    return await readFile(file, 'utf8');
  } catch {
    compiler ??= createCompiler();
    const source = compile(await compiler, text, path);
    await keep(file, source);
    return source;
  }
}

/**
 * Written beside and renamed, so that nobody reads half of it. A cache that cannot be written is none.
 * @param {URL} file
 * @param {string} source
 */
async function keep(file, source) {
  try {
    const part = new URL(`${file.href}.${process.pid}`);
    await readFile(new URL('../../node_modules/.package-lock.json', import.meta.url));
    await mkdir(CACHE, { recursive: true });
    await writeFile(part, source);
    await rename(part, file);
  } catch {
    // Nothing is lost but time.
  }
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
