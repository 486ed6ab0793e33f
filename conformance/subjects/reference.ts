/** The model's reference acceptor as a subject: a module, and an adapter when it is run. It keeps its state in `dir`. */
import { referenceAcceptor } from '../../src/index.js';
import { fileStore } from '../file-store.js';
import { isProgram } from '../is-program.js';
import { modelAcceptor } from '../model-acceptor.js';
import { serve } from '../serve.js';

const reference = modelAcceptor(referenceAcceptor, { name: 'the reference acceptor', store: fileStore });

export const { createAcceptor, implementation, capabilities } = reference;

if (isProgram(import.meta.url)) await serve(reference, 'reference');
