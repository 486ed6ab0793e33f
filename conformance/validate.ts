/** Answers against spec/schema/drive.schema.json: the answer that the command wants, in every detail. */
import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DriveAnswer, DriveCommand } from '../src/index.js';

type CommandName = DriveCommand['command'];

/** For each command the field that makes an answer its answer. */
const WANTED: Readonly<Record<CommandName, readonly string[]>> = {
  hello: ['version'],
  init: ['ok'],
  deliver: ['out'],
  crash: ['ok'],
  persist: ['out', 'ok'],
  state: ['state'],
  snapshot: ['snapshot'],
  restore: ['ok'],
  stop: ['ok'],
};

const DEFINITION: Readonly<Record<string, string>> = {
  error: 'errorAnswer',
  skip: 'skipAnswer',
  unsupported: 'unsupportedAnswer',
  version: 'helloAnswer',
  ok: 'okAnswer',
  out: 'outAnswer',
  state: 'stateAnswer',
  snapshot: 'snapshotAnswer',
};

let schemas: Ajv2020 | undefined;

function loadSchemas(): Ajv2020 {
  const ajv = new Ajv2020({ discriminator: true, strictTypes: false, strictTuples: false, strictRequired: false });
  for (const name of ['trace', 'drive']) {
    const text = readFileSync(new URL(`../spec/schema/${name}.schema.json`, import.meta.url), 'utf8');
    ajv.addSchema(JSON.parse(text) as object, `${name}.schema.json`);
  }
  return ajv;
}

const compiled = new Map<string, ValidateFunction>();

function validator(definition: string): ValidateFunction {
  const known = compiled.get(definition);
  if (known !== undefined) return known;
  schemas ??= loadSchemas();
  const validate = schemas.compile({ $ref: `drive.schema.json#/$defs/${definition}` });
  compiled.set(definition, validate);
  return validate;
}

const describe = ({ instancePath, message, params }: ErrorObject): string => {
  const extra = (params as Record<string, unknown>).additionalProperty ?? (params as Record<string, unknown>).allowedValues ?? (params as Record<string, unknown>).allowedValue;
  return `${instancePath || 'the answer'} ${message ?? 'is wrong'}${extra === undefined ? '' : `: ${JSON.stringify(extra)}`}`;
};

/** What is wrong with the answer to this command; null if nothing is. */
export function problemWith(command: CommandName, answer: object): string | null {
  const wanted = [...WANTED[command], 'unsupported', 'skip', 'error'];
  const field = wanted.find((name) => name in answer);
  if (field === undefined) return `${command} wants one of the fields ${wanted.join(', ')}`;
  const validate = validator(DEFINITION[field]!);
  return validate(answer) ? null : (validate.errors ?? []).map(describe).join('; ');
}

/** True if the value is a command as the schema has it. */
export const isCommand = (value: unknown): value is DriveCommand => validator('command')(value);

/** True if the value is an answer to some command. */
export const isAnswer = (value: unknown): value is DriveAnswer => validator('answer')(value);
