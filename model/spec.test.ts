import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explore } from '../src/index.js';
import { CONSENSUS_INVARIANTS } from './consensus.js';
import { allows } from './guard.js';
import { EMPTY_HISTORY, say } from './history.js';
import { PROPERTIES } from './invariants.js';
import { KNOWN_LENGTHS } from './known-lengths.js';
import { referenceLeader } from './leader.js';
import { synodWith } from './mutant.js';
import type { Mutant } from './mutant.js';
import { MUTANTS, mutantNamed } from './mutants.js';
import { RULES } from './rule-book.js';
import { promiseKept, promiseReportsHighestVote } from './rules.js';
import type { Action } from './synod.js';
import { afterStep, localStep } from './synod.js';
import { VOTING_INVARIANTS } from './voting.js';

const root = new URL('..', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`spec/${name}`, root), 'utf8');
const [vocabulary, synodText, invariantsText, bugsText] = ['vocabulary.md', 'synod.md', 'invariants.md', 'bugs.md'].map(read) as [string, string, string, string];

/** The cells of all table rows of the text. */
const rowsOf = (text: string): string[][] => text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | ').map((cell) => cell.trim()));
/** The text under each heading of this level. */
const sectionsOf = (text: string, level: string): Map<string, string> =>
  new Map(text.split(new RegExp(`^${level} `, 'm')).slice(1).map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).trim()]));
const paragraph = (section: string, index: number): string => section.split('\n\n')[index]!.trim();
const field = (section: string, name: string): string => new RegExp(`^- ${name}: ((?:.|\n(?!-|\n))*)`, 'm').exec(section)?.[1] ?? '';
const namesIn = (list: string): string[] => (list === '-' ? [] : list.split(', '));
const agreementLength = (id: string, acceptors: number, ballots: number, values: number): number | undefined =>
  explore(synodWith(mutantNamed(id)!, acceptors, ballots, values)).properties.find(({ name }) => name === 'Agreement')?.run?.transitions.length;

describe('spec/synod.md and the model', () => {
  const sections = [...sectionsOf(synodText.slice(0, synodText.indexOf('## Rules that nothing')), '###')].map(([heading, text]) => ({ number: /^S(\d+) /.exec(heading)?.[1], id: /`(.*)`/.exec(heading)![1]!, text }));
  const withGuard = sections.filter(({ text }) => !field(text, 'Model').startsWith('no guard'));

  it('have the same rules; those without a guard are said to have none', () => {
    expect(withGuard.map(({ id }) => id).sort()).toEqual(RULES.map(({ id }) => id).sort());
    expect(sections.map(({ number }) => Number(number))).toEqual(sections.map((_, index) => index + 1));
  });

  it.each(RULES.map(({ id, sentence, severity }) => [id, sentence, severity]))('say the same of %s', (id, sentence, severity) => {
    const { text } = sections.find((section) => section.id === id)!;
    expect([paragraph(text, 0), field(text, 'Severity')]).toEqual([sentence, severity]);
    for (const name of ['Source', 'Broken', 'Mutants', 'Model']) expect([id, name, field(text, name) !== '']).toEqual([id, name, true]);
  });

  const texts = sections.map(({ id, text }) => [id, text] as const);

  it.each(texts)('%s: its mutants are those that the catalogue has under it', (id, text) => {
    expect(namesIn(field(text, 'Mutants'))).toEqual(MUTANTS.filter(({ rule }) => rule === id).map((mutant) => mutant.id));
  });

  it.each(texts)('%s: is where the text says', async (_id, text) => {
    const model = field(text, 'Model');
    const file = /`(model\/.*?\.ts)`/.exec(model)![1]!;
    const module = (await import(new URL(file, root).href)) as Record<string, unknown>;
    const names = [...model.matchAll(/`(\w+)`/g)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([name, name in module]).toEqual([name, true]);
  });

  it('have the rules of a leader as conjuncts of one guard', () => {
    for (const id of Object.keys(referenceLeader.mayAccept)) expect(sections.map((section) => section.id)).toContain(id);
  });

  const claims = sections.flatMap(({ id, text }) => [...field(text, 'Broken').matchAll(/\((\d),(\d),(\d)\) (\d+), ([A-Z]\d+)/g)].map(([, a, b, v, length, mutant]) => [mutant!, Number(a), Number(b), Number(v), Number(length), id] as const));
  it.each(claims)('%s in (%i,%i,%i): two values after %i actions [%s]', (id, acceptors, ballots, values, length) => {
    const known = KNOWN_LENGTHS.find((row) => row.id === id && row.acceptors === acceptors && row.ballots === ballots && row.values === values && row.property === undefined);
    expect(known?.length ?? agreementLength(id, acceptors, ballots, values)).toBe(length);
  });
});

/** The lengths that spec/invariants.md gives, by mutant and property. */
const measured = rowsOf(sectionsOf(invariantsText, '##').get('Measured')!)
  .slice(1)
  .map(([id, bounds, lengths]) => ({ id: id!, ballots: Number(bounds![3]), lengths: new Map(lengths!.split(', ').map((entry) => entry.split(' ') as [string, string])) }));

describe('spec/invariants.md and the model', () => {
  const sections = sectionsOf(invariantsText, '##');

  it('have the same properties, in the same order', () => {
    const headings = [...sections.keys()];
    expect(headings.slice(0, headings.indexOf('Measured'))).toEqual(PROPERTIES.map(({ name }) => name));
  });

  it.each(PROPERTIES.map(({ name, sentence, formula }) => [name, sentence, formula]))('say the same of %s', (name, sentence, formula) => {
    const text = sections.get(name)!;
    expect([paragraph(text, 0), paragraph(text, 1)]).toEqual([sentence, formula]);
  });

  it('have the same properties of the levels above', () => {
    const rows = rowsOf(sections.get('The two levels above')!).slice(1).map(([level, name, formula, sentence]) => [level, name, formula, sentence]);
    const model = (level: string, all: readonly { name: string; formula: string; sentence: string }[]) => all.map(({ name, formula, sentence }) => [level, name, `\`${formula}\``, sentence]);
    expect(rows).toEqual([...model('Voting', VOTING_INVARIANTS), ...model('Consensus', CONSENSUS_INVARIANTS)]);
  });

  it('measure every mutant of the catalogue', () => {
    expect(measured.map(({ id }) => id).sort()).toEqual(MUTANTS.filter(({ role }) => role !== 'legitimate').map(({ id }) => id).sort());
  });

  it('say of which mutants a property is the first to fail as the table does', () => {
    for (const { name } of PROPERTIES) {
      const first = measured.flatMap(({ id, ballots, lengths }) => {
        const own = Number(lengths.get(name));
        return [...lengths.values()].every((length) => !(Number(length) < own)) && lengths.has(name) ? [Number.isNaN(own) ? id : `${id} ${own} (3,${ballots},2)`] : [];
      });
      const said = namesInGroups(field(sections.get(name)!, 'First to fail'));
      expect([name, said.sort()]).toEqual([name, first.sort()]);
    }
  });

  it.each(measured.filter(({ ballots }) => ballots <= 3).map(({ id, ballots, lengths }) => [id, ballots, lengths] as const))('%s (A=3 B=%i V=2): breaks these properties, at these lengths, and no others before', (id, ballots, lengths) => {
    const found = explore(synodWith(mutantNamed(id)!, 3, ballots, 2)).properties.filter(({ holds }) => holds === false);
    expect(Object.fromEntries(found.map(({ name, run }) => [name, run === undefined ? 'never' : String(run.transitions.length)]))).toEqual(Object.fromEntries(lengths));
  });
});

/** "A2, A3 at 7 (3,2,2); A13" as ["A2 7 (3,2,2)", "A3 7 (3,2,2)", "A13"]. */
const namesInGroups = (text: string): string[] =>
  text === '-' ? [] : text.split('; ').flatMap((group) => {
    const [ids, where] = group.split(' at ');
    return ids!.split(', ').map((id) => (where === undefined ? id : `${id} ${where}`));
  });

describe('spec/bugs.md and the model', () => {
  const rows = rowsOf(bugsText.slice(0, bugsText.indexOf('## Not modelled')));
  const entries = rows.filter(([id]) => /^[A-Z]\d+$/.test(id!));
  const entryOf = ({ id }: Mutant): string[] => entries.find((entry) => entry[0] === id)!;
  const unsafe = MUTANTS.filter(({ breaks }) => breaks === 'agreement');

  it('have the same mutants and variants, under the same titles', () => {
    expect(entries.map(([id, title]) => [id, title]).sort()).toEqual(MUTANTS.map(({ id, title }) => [id, title]).sort());
  });

  it('put each mutant under the same rule', () => {
    for (const mutant of MUTANTS.filter(({ role }) => role !== 'legitimate')) expect([mutant.id, entryOf(mutant)[2]]).toEqual([mutant.id, mutant.rule === undefined ? '-' : `\`${mutant.rule}\``]);
  });

  it('list nothing as not modelled that is modelled', () => {
    const missing = rowsOf(sectionsOf(bugsText, '##').get('Not modelled yet')!).slice(1).flatMap(([ids]) => ids!.match(/[A-Z]\d+/g)!);
    expect(missing.filter((id) => mutantNamed(id) !== undefined)).toEqual([]);
  });

  it.each(unsafe.map((mutant) => [mutant.id, mutant.rule!, mutant] as const))('%s: loses agreement where and when the text says [%s]', (id, _rule, mutant) => {
    const [, , , smallest, atThree] = entryOf(mutant);
    const [acceptors, ballots, values, length] = smallest!.match(/\d+/g)!.map(Number) as [number, number, number, number];
    const inTable = measured.find((row) => row.id === id)!;
    expect(atThree).toBe(`${inTable.ballots}/${inTable.lengths.get('Agreement')}`);
    const atThese = acceptors === 3 ? inTable.lengths.get('Agreement') : agreementLength(id, acceptors, ballots, values);
    expect([ballots <= inTable.ballots, Number(atThese)]).toEqual([true, length]);
  });

  const variants = entries.filter(([id]) => id!.startsWith('H')).map(([id, , bounds, , states, depth]) => [id!, bounds!, Number(states!.replaceAll(',', '')), Number(depth)] as const);
  it.each(variants)('%s %s: conforms in all %i states up to names, depth %i', (id, bounds, states, depth) => {
    const [acceptors, ballots, values] = bounds.match(/\d/g)!.map(Number) as [number, number, number];
    const found = explore(synodWith(mutantNamed(id)!, acceptors, ballots, values));
    expect([found.verdict, found.distinct, found.depth]).toEqual(['conforms', states, depth]);
  });

  it('agree with what is known of lengths: every one is in the text or at four acceptors', () => {
    const known = KNOWN_LENGTHS.filter(({ property, length, acceptors }) => property === undefined && length !== null && acceptors < 4);
    for (const { id, acceptors, ballots, values, length } of known) {
      const entry = entries.find((row) => row[0] === id)!;
      const said = entry[3] === `(${acceptors},${ballots},${values}) ${length}` || (acceptors === 3 && entry[4] === `${ballots}/${length}`);
      expect([id, acceptors, ballots, values, length, said]).toEqual([id, acceptors, ballots, values, length, true]);
    }
  });
});

/** `P2` prepare(2), `A2b` accept(2, b), `X` crash and restart, `!` act. */
function inputOf(text: string): Action {
  const [, kind, ballot, letter] = /^([PAX!])(\d?)([ab]?)$/.exec(text)!;
  if (kind === 'P') return { kind: 'promise', acceptor: 0, ballot: Number(ballot) };
  if (kind === 'A') return { kind: 'vote', acceptor: 0, ballot: Number(ballot), value: letter === 'b' ? 1 : 0 };
  return { kind: kind === 'X' ? 'crash' : 'act', acceptor: 0 };
}

/** The number of the first input to which the acceptor answers against a rule of acceptors, or null. */
function firstWrongAnswer(mutant: Mutant, inputs: readonly Action[]): number | null {
  const machine = mutant.machine!(0, 1);
  let [state, history]: [unknown, typeof EMPTY_HISTORY] = [machine.initial, EMPTY_HISTORY];
  for (const [index, input] of inputs.entries()) {
    const step = localStep(machine, state, input);
    for (const reply of step.replies) {
      if (reply.kind === 'promise' && !allows(promiseReportsHighestVote, { history, promise: reply })) return index + 1;
      if (reply.kind !== 'accepted') continue;
      const asked = inputs.slice(0, index + 1).some((given) => given.kind === 'vote' && given.ballot === reply.ballot && given.value === reply.value);
      if (!asked || !allows(promiseKept, { history, vote: { ballot: reply.ballot, value: reply.value } })) return index + 1;
      history = say(history, reply);
    }
    ({ state, history } = afterStep(referenceLeader, history, step));
  }
  return null;
}

/** All sequences of this many inputs in which every ballot carries one value (B=3 V=2). */
function sequences(length: number, act: boolean): Action[][] {
  const inputs = ['P1', 'P2', 'P3', 'A1a', 'A1b', 'A2a', 'A2b', 'A3a', 'A3b', 'X', ...(act ? ['!'] : [])].map(inputOf);
  const clash = (one: Action, other: Action): boolean => one.kind === 'vote' && other.kind === 'vote' && one.ballot === other.ballot && one.value !== other.value;
  return Array.from({ length }).reduce<Action[][]>((shorter) => shorter.flatMap((start) => inputs.filter((input) => !start.some((earlier) => clash(earlier, input))).map((input) => [...start, input])), [[]]);
}

describe('the drives of spec/bugs.md (A=1 B=3 V=2)', () => {
  const drives = new Map(rowsOf(bugsText).flatMap((row) => (/^`[PAX!]/.test(row.at(-1)!) ? [[row[0]!, row.at(-1)!.replaceAll('`', '')] as const] : [])));
  const driven = MUTANTS.filter(({ machine, role, rule }) => machine !== undefined && role !== 'legitimate' && rule !== undefined);

  it.each(driven.map((mutant) => [mutant.id, mutant.rule!, mutant] as const))('%s: the last input of the drive gets an answer against the rules, and no shorter drive does [%s]', (_id, _rule, mutant) => {
    const inputs = drives.get(mutant.id)!.split(' ').map(inputOf);
    expect(firstWrongAnswer(mutant, inputs)).toBe(inputs.length);
    const shorter = sequences(inputs.length - 1, mutant.machine!(0, 1).act !== undefined);
    expect(shorter.filter((sequence) => firstWrongAnswer(mutant, sequence) !== null)).toEqual([]);
  });

  it.each(['A23', 'A24'])('%s: the last input is refused, and the reference would not [needless-refusal]', (id) => {
    const inputs = drives.get(id)!.split(' ').map(inputOf);
    const kindsOf = (mutant: Mutant): string[] => {
      const machine = mutant.machine!(0, 1);
      let state = machine.initial;
      return inputs.flatMap((input) => {
        const step = localStep(machine, state, input);
        state = step.state;
        return step.replies.map(({ kind }) => kind);
      });
    };
    expect(kindsOf(mutantNamed(id)!).at(-1)).toBe('nack');
    expect(kindsOf(mutantNamed('H9')!)).not.toContain('nack');
  });

  it('every acceptor of the catalogue has one', () => {
    const acceptors = MUTANTS.filter(({ machine, role }) => machine !== undefined && role !== 'legitimate').map(({ id }) => id);
    expect([...drives.keys()].sort()).toEqual(acceptors.sort());
  });
});

describe('the texts', () => {
  it('define the words of the protocol, and each word once', () => {
    const words = rowsOf(vocabulary).map(([word]) => word!);
    expect(words).toEqual(expect.arrayContaining(['ballot', 'promise', 'vote', 'quorum', 'chosen', 'decided', 'prepare', 'accept', 'accepted', 'nack', 'acceptor', 'leader', 'learner'].map((word) => `*${word}*`)));
    expect(words).toEqual(expect.arrayContaining(['`unsafe`', '`deviates`', '`conforms`', '`inconclusive`']));
    const defined = words.filter((word) => word.startsWith('*'));
    expect(new Set(defined).size).toBe(defined.length);
  });

  it('point to each other and to files of the model that exist', () => {
    for (const text of [vocabulary, synodText, invariantsText, bugsText]) {
      for (const [, target] of text.matchAll(/\]\(([\w-]+\.md)\)/g)) expect([target, existsSync(new URL(`spec/${target}`, root))]).toEqual([target, true]);
      for (const [, file] of text.matchAll(/`(model\/[\w-]+\.ts)`/g)) expect([file, existsSync(new URL(file!, root))]).toEqual([file, true]);
    }
  });

  it('number the legitimate differences from 1 to 17', () => {
    expect(rowsOf(sectionsOf(synodText, '##').get('What correct implementations differ in')!).map(([number]) => Number(number)).filter((number) => number > 0)).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  });
});
