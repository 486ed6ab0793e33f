/** Colours and width, where a person looks: no colours in a pipe, or with NO_COLOR; 80 columns in a pipe. */
import { styleText } from 'node:util';
import type { Verdict } from '../../model/verdict.js';

type Style = Parameters<typeof styleText>[0];

export const wantsColour = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR;

/** At least 40: less is not worth breaking lines for. */
export const textWidth = (): number => Math.max(40, process.stdout.columns || 80);

export const paint = (style: Style, text: string, colour = wantsColour()): string => (colour ? styleText(style, text) : text);

const VERDICT_STYLE: Readonly<Record<Verdict, Style>> = { conforms: 'green', deviates: 'yellow', unsafe: 'red', inconclusive: 'yellow' };

/** `colour`: for threads, which do not see the terminal. */
export const paintVerdict = (verdict: Verdict, colour = wantsColour()): string => paint(['bold', VERDICT_STYLE[verdict]] as Style, verdict, colour);
