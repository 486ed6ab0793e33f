// Lets Node import TypeScript: `node --import <this file> program.ts`, or `await import('./register.mjs')` at run time.
// The `ts-node` command cannot do this for ES modules on Node 20 and later.
import { register } from 'node:module';
import process from 'node:process';

register('./hooks.mjs', import.meta.url);
process.setSourceMapsEnabled(true);
