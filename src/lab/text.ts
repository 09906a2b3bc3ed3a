import {wrapText} from '../core/wrap-text.ts';
import type {LabVerdict} from './judge.ts';
import {mostPoints} from './score.ts';
import type {LabState} from './session.ts';
import type {Lab} from './types.ts';

/** Columns of everything a lab says, unless there is less room: a terminal of 80, and a margin. */
export const usualWidth = 78;

/** The lab's instructions, with what can be typed. */
export function instructions(lab: Lab, width = usualWidth): string {
	const {title, goal, minutes, text, questions = [], actions = []} = lab;
	return lines(
		`${title} (${minutes} minutes)`,
		...wrapText(`Goal: ${goal}`, width),
		'',
		...text.flatMap(paragraph => [...wrapText(paragraph, width), '']),
		...prediction(lab, width),
		...(questions.length === 0 ? [] : ['Answer with lab answer NAME WORDS:']),
		...questions.flatMap(({id, text: question}) => item(id, question, width)),
		...(questions.length === 0 ? [] : ['']),
		...(actions.length === 0 ? [] : ['What you can let happen, with lab do NAME WORDS:']),
		...actions.flatMap(({name, words, text: what}) => item(words === '' ? name : `${name} ${words}`, what, width)),
		...(actions.length === 0 ? [] : ['']),
		'lab check looks whether it is done; lab help shows what else there is.',
	);
}

/** The question that is asked before anything is done. */
function prediction({predict: {question, options}}: Lab, width: number): readonly string[] {
	return [
		'First say what you expect, with lab predict NUMBER:',
		...wrapText(question, width),
		...options.flatMap((option, index) => item(String(index + 1), option, width)),
		'',
	];
}

function item(name: string, text: string, width: number): readonly string[] {
	const indent = 4;
	return wrapText(text, width - name.length - indent).map((part, index) =>
		index === 0 ? `  ${name}  ${part}` : `${' '.repeat(name.length + indent)}${part}`,
	);
}

/** What a check came to: each point, the mistakes it recognised, and once it is solved the explanation. */
export function verdictText(lab: Lab, {solved, checks, wrongWays}: LabVerdict, {points, prediction}: LabState): string {
	return lines(
		...checks.flatMap(({text, missing}) =>
			missing === null
				? item('[x]', text, usualWidth)
				: [...item('[ ]', text, usualWidth), ...item('   ', missing, usualWidth)],
		),
		...wrongWays.flatMap(({text}) => ['', ...wrapText(`A wrong way: ${text}`, usualWidth)]),
		'',
		...(solved ? solvedLines(lab, points, prediction) : ['Not yet. lab hint helps, and costs a point or more.']),
	);
}

function solvedLines({predict, explanation}: Lab, points: number, prediction: number | null): readonly string[] {
	const {options, right, why} = predict;
	const said =
		prediction === null
			? `What was to be expected: ${options[right]}`
			: prediction === right
				? `As you expected: ${options[right]}`
				: `You expected: ${options[prediction]} It is: ${options[right]}`;
	return [
		`Solved: ${points} of ${mostPoints} points.`,
		'',
		...wrapText(`${said} ${why}`, usualWidth),
		...explanation.flatMap(paragraph => ['', ...wrapText(paragraph, usualWidth)]),
	];
}

function lines(...all: readonly string[]): string {
	return `${all.join('\n')}\n`;
}
