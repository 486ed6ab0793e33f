// Writes src/trace/wire.ts from spec/schema/*.schema.json; with --check, only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const suffix = '.schema.json';
const root = fileURLToPath(new URL('..', import.meta.url));
const output = `${root}src/trace/wire.ts`;
const banner = '// Generated from spec/schema by `npm run types`: change the schemas, not this file.';

function readSchemas() {
  const folder = `${root}spec/schema/`;
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(suffix)).sort() : [];
  if (files.length === 0) throw new Error(`no *${suffix} in spec/schema`);
  return files.map((file) => [basename(file, suffix), JSON.parse(readFileSync(folder + file, 'utf8'))]);
}

/** One document of all schemas, so that a definition which two schemas share becomes one type. */
function bundle(schemas) {
  const names = new Map(schemas.flatMap(([name, { $id }]) => [[`${name}${suffix}`, name], [$id, name]]));
  const definitions = schemas.map(([name, schema]) => [name, adapt(schema, name, names)]);
  return { $defs: Object.fromEntries(definitions), anyOf: definitions.map(([name]) => ({ $ref: `#/$defs/${name}` })) };
}

/** Rewrites what the generator does not know: references between files, draft 2020's tuples, `true` as a definition. */
function adapt(node, name, names) {
  if (Array.isArray(node)) return node.map((item) => adapt(item, name, names));
  if (typeof node !== 'object' || node === null) return node;
  // The fields that `patternProperties` allow would give every type an index signature, and every typo a type.
  const { $id: _, patternProperties: __, $defs, $ref, prefixItems, ...rest } = node;
  const result = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, adapt(value, name, names)]));
  if ($ref !== undefined) result.$ref = localReference($ref, name, names);
  if ($defs !== undefined) result.$defs = adaptDefinitions($defs, name, names);
  if (prefixItems !== undefined) {
    result.additionalItems = result.items ?? true;
    result.items = adapt(prefixItems, name, names);
  }
  return result;
}

function adaptDefinitions(definitions, name, names) {
  const entries = Object.entries(definitions).map(([id, schema]) => {
    const { title = id, description, ...rest } = schema === true ? {} : adapt(schema, name, names);
    // A title makes the generator give every definition a name of its own; `{}` it would take for an object.
    const adapted = Object.keys(rest).length === 0 ? { tsType: 'unknown' } : rest;
    return [id, { title, ...(description && { description }), ...adapted }];
  });
  return Object.fromEntries(entries);
}

function localReference(reference, name, names) {
  const [file, fragment = ''] = reference.split('#');
  const target = file === '' ? name : names.get(file);
  if (target === undefined) throw new Error(`${name}${suffix}: ${reference} is in none of the files in spec/schema`);
  return `#/$defs/${target}${fragment}`;
}

function indent(text) {
  let depth = 0;
  const lines = text.trimEnd().split('\n').map((line) => {
    if (line.startsWith('}')) depth -= 1;
    const indented = '  '.repeat(depth) + line;
    if (line.endsWith('{')) depth += 1;
    return indented.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

async function generate() {
  const options = { bannerComment: banner, format: false };
  return indent(await compile(bundle(readSchemas()), 'Wire', options));
}

try {
  const text = await generate();
  if (!process.argv.includes('--check')) writeFileSync(output, text);
  else if (!existsSync(output) || readFileSync(output, 'utf8') !== text) {
    throw new Error('src/trace/wire.ts differs from spec/schema: run `npm run types`');
  }
} catch (error) {
  console.error(`generate-types: ${error.message}`);
  process.exitCode = 1;
}
