import {expect, test} from 'vitest';
import {askAll} from '../../src/plain/ask.ts';
import type {Prompts} from '../../src/plain/questions.ts';
import {answersFor, choiceOf, initialAnswers} from '../../src/wizard/answers.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';

type Answer = string | readonly string[];

/** Answers in order, each held to the question's own check; keeps the questions. */
function scripted(answers: readonly Answer[]): {readonly prompts: Prompts; readonly asked: string[]} {
	const asked: string[] = [];
	const rest = [...answers];
	const next = (text: string): Answer => {
		asked.push(text);
		const answer = rest.shift();
		if (answer === undefined) throw new Error(`nobody answers: ${text}`);
		return answer;
	};
	return {
		asked,
		prompts: {
			many: async ({text, check}) => {
				const values = next(text) as readonly string[];
				expect(check(values)).toBeUndefined();
				return values;
			},
			one: async ({text, options}) => {
				const value = next(text);
				const option = options.find(each => each.value === value);
				if (!option) throw new Error(`${value} is no option of: ${text}`);
				return option.value;
			},
			line: async ({text, check}) => {
				const value = next(text) as string;
				expect(check(value)).toBeUndefined();
				return value;
			},
		},
	};
}

async function choose(preset: Parameters<typeof initialAnswers>[0], answers: readonly Answer[]) {
	const {prompts, asked} = scripted(answers);
	const start = answersFor(initialAnswers(preset), preset, tutorialSnapshot);
	return {choice: choiceOf(await askAll(prompts, tutorialSnapshot, preset, start)), asked};
}

test('every question is asked once, in the order of the wizard', async () => {
	const {choice, asked} = await choose({}, [['ip-172-31-45-29'], 'shared', '10.9.9.9']);
	expect(choice).toMatchObject({reflectors: ['ip-172-31-45-29'], clusterId: {mode: 'shared', id: '10.9.9.9'}});
	expect(asked).toHaveLength(3);
});

test('an answer can make the next question needless', async () => {
	const {choice, asked} = await choose({}, [['ip-172-31-45-29'], 'per-node']);
	expect(choice.clusterId).toEqual({mode: 'per-node'});
	expect(asked).toHaveLength(2);
});

test('a flag that answers a question skips it', async () => {
	const {asked} = await choose({clusterId: {mode: 'shared', id: '10.9.9.9'}}, [['ip-172-31-45-29']]);
	expect(asked).toHaveLength(1);
	const all = await choose({reflectors: ['ip-172-31-45-29'], clusterId: {mode: 'per-node'}}, []);
	expect(all.asked).toEqual([]);
});
