/** Colours, where a person looks: not into a pipe, not with NO_COLOR. */
import { styleText } from 'node:util';
import type { Verdict } from '../../model/verdict.js';

type Style = Parameters<typeof styleText>[0];

const wantsColour = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR;

export const paint = (style: Style, text: string): string => (wantsColour() ? styleText(style, text) : text);

const VERDICT_STYLE: Readonly<Record<Verdict, Style>> = { conforms: 'green', deviates: 'yellow', unsafe: 'red', inconclusive: 'yellow' };

export const paintVerdict = (verdict: Verdict): string => paint(['bold', VERDICT_STYLE[verdict]] as Style, verdict);
