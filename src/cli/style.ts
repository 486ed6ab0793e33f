/** Colours and width, where a person looks: no colours in a pipe, or with NO_COLOR; 80 columns in a pipe. */
import { styleText } from 'node:util';
import type { Verdict } from '../../model/verdict.js';

type Style = Parameters<typeof styleText>[0];

const wantsColour = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR;

/** At least 40: less is not worth breaking lines for. */
export const textWidth = (): number => Math.max(40, process.stdout.columns || 80);

export const paint = (style: Style, text: string): string => (wantsColour() ? styleText(style, text) : text);

const VERDICT_STYLE: Readonly<Record<Verdict, Style>> = { conforms: 'green', deviates: 'yellow', unsafe: 'red', inconclusive: 'yellow' };

export const paintVerdict = (verdict: Verdict): string => paint(['bold', VERDICT_STYLE[verdict]] as Style, verdict);
