/** The shape of a line: what the JSON Schema says, with its first complaint as an error that a person can use. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../spec/schema/trace.schema.json' with { type: 'json' };
import type { Finding, Place, TraceError } from './errors.js';
import { traceError } from './errors.js';
import { didYouMean } from './nearest.js';
import type { JsonObject } from './parse.js';
import type { Path } from './show.js';
import { show, showChoice, showPath } from './show.js';
import type { TraceEvent, TraceHeader } from './wire.js';

export type EventKind = TraceEvent['kind'];

interface Definition {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly const?: string }>>;
  readonly oneOf?: readonly { readonly $ref: string }[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly type?: string;
}

const definitions = schema.$defs as unknown as Readonly<Record<string, Definition>>;
const definitionOf = (reference: string): Definition => definitions[reference.slice('#/$defs/'.length)]!;
const kindOf = (definition: Definition): string => definition.properties!.kind!.const!;
const kindsOf = (union: Definition): string[] => union.oneOf!.map(({ $ref }) => kindOf(definitionOf($ref)));

/** All kinds of events of this version of the format, whatever the profile. */
export const EVENT_KINDS = kindsOf(definitions.event!) as readonly EventKind[];

const fieldsOf = (definition: Definition): string[] => Object.keys(definition.properties ?? {});
export const HEADER_FIELDS: readonly string[] = fieldsOf(definitions.header!);
/** The fields of a kind of event, in the order in which they are written. */
export const EVENT_FIELDS: ReadonlyMap<string, readonly string[]> = new Map(EVENT_KINDS.map((kind) => [kind, fieldsOf(definitions[`${kind}Event`]!)]));

/** Compiling takes a tenth of a second: only if a trace is read, and once. */
let compiled: { readonly header: ValidateFunction<TraceHeader>; readonly event: ValidateFunction<TraceEvent> } | undefined;

function validators(): NonNullable<typeof compiled> {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020({ schemas: [schema], discriminator: true, verbose: true });
  const of = <T>(name: string): ValidateFunction<T> => ajv.getSchema<T>(`${schema.$id}#/$defs/${name}`)!;
  return (compiled = { header: of('header'), event: of('event') });
}

/** The data as a header. Throws TraceSchemaError MISSING_FIELD, UNKNOWN_FIELD or BAD_VALUE. */
export const headerShape = (data: JsonObject, place: Place): TraceHeader => shaped(validators().header, data, place);

/** The data as an event. Throws TraceSchemaError MISSING_FIELD, UNKNOWN_FIELD or BAD_VALUE. */
export const eventShape = (data: JsonObject, place: Place): TraceEvent => shaped(validators().event, data, place);

function shaped<T>(validate: ValidateFunction<T>, data: JsonObject, place: Place): T {
  if (validate(data)) return data;
  // The last error is the outermost: for alternatives, that none of them fits.
  throw explain(validate.errors!.at(-1)!, place);
}

function explain({ keyword, instancePath, params, parentSchema, data }: ErrorObject, place: Place): TraceError {
  const path = pathOf(instancePath);
  const at = (...more: string[]): Place & { field: string } => ({ ...place, field: showPath([...path, ...more]) });
  const definition = parentSchema as Definition;
  if (keyword === 'required') {
    const { missingProperty } = params as { missingProperty: string };
    return traceError('MISSING_FIELD', at(missingProperty), { expected: 'a value', got: 'no such field', hint: missingHint(missingProperty) });
  }
  if (keyword === 'additionalProperties') {
    const { additionalProperty } = params as { additionalProperty: string };
    const fields = fieldsOf(definition);
    return traceError('UNKNOWN_FIELD', at(additionalProperty), {
      expected: `one of the fields ${fields.join(', ')}`,
      got: show(additionalProperty),
      hint: didYouMean(additionalProperty, fields, 'remove it, or let its name start with "x-": such fields are ignored'),
    });
  }
  if (keyword === 'discriminator') {
    const { kind } = data as { kind?: unknown };
    return traceError('BAD_VALUE', at('kind'), chosenOf(kindsOf(definition), kind));
  }
  if (definition.enum) return traceError('BAD_VALUE', at(), chosenOf(definition.enum, data));
  return traceError('BAD_VALUE', at(), { expected: expectation(definition), got: show(data), hint: hintFor(data, definition) });
}

/** JSON pointer to path; a member name that looks like an index is shown as one. */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));

const missingHint = (field: string): string =>
  field === 'votes' ? 'write "votes": [] if none was reported' : 'add it; spec/trace-format.md has a table of the fields';

const chosenOf = (choices: readonly string[], got: unknown): Finding => ({
  expected: showChoice(choices),
  got: show(got),
  hint: didYouMean(got, choices, 'write one of these'),
});

function expectation({ description, const: constant, type, ...rest }: Definition & { pattern?: string }): string {
  if (constant !== undefined) return show(constant);
  if (description !== undefined && type !== 'object') return description;
  if (rest.pattern !== undefined) return `a string that matches ${rest.pattern}`;
  return type === undefined ? 'another value' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function hintFor(got: unknown, { description = '' }: Definition): string {
  if (got === null) return 'leave the field out if it was not logged, write [] for none: null is not used';
  if (typeof got === 'number' && got > 0x7fffffff && description.includes('decimal string')) return `write integers over 31 bits as strings: "${got}"`;
  return 'correct the value; spec/trace-format.md has a table of the fields';
}
